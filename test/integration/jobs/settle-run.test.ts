import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { settleRun } from '#src/jobs/settle-run.ts';
import { advanceRun } from '#src/runs/advance-run.ts';
import { type Bench, openBench } from '../steps/bench.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({
    prompts: [{ match: 'Look', steps: [{ error: { message: 'broken' } }] }],
  });
});

afterAll(() => bench.close());

it('gives back what a run held before the first step of its resumption begins', async () => {
  const { deps } = bench;
  const { run } = await bench.play('name: look\nsteps: [{id: look, agent: Reader, prompt: Look}]');
  expect(run.status).toBe('failed');
  const seen: string[] = [];
  const releasing = Promise.withResolvers<void>();
  const real = { ...deps.worktrees };
  vi.spyOn(deps.worktrees, 'toRead').mockImplementation((request) => {
    seen.push('opened');
    return real.toRead(request);
  });
  vi.spyOn(deps.worktrees, 'release').mockImplementation(async (runId, openedBefore) => {
    releasing.resolve();
    // Long enough for a worker to take the step, if nothing keeps it from that.
    await new Promise((resolve) => setTimeout(resolve, 500));
    await real.release(runId, openedBefore);
    seen.push('released');
  });

  const { signal } = new AbortController();
  const settling = settleRun(deps)({ id: '1', attempt: 1, data: { runId: run.id }, signal });
  await releasing.promise;
  const resumption = { by: 'bob', guidance: null, node: null, at: deps.runs.now() };
  await advanceRun(deps.runs, run.id, { type: 'run.resumed', ...resumption });
  await settling;
  await bench.settled(run.id);

  expect(seen).toEqual(['released', 'opened']);
});

import { existsSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweepWorktrees } from '#src/jobs/keep-worktrees-swept.ts';
import { readRun } from '#src/store/runs.ts';
import type { Worktree } from '#src/workspace/worktree.ts';
import { type Bench, openBench } from './bench.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const workflow = (approval: boolean) => `
name: look
steps:
  - id: look
    agent: Reader
    prompt: Look
    requires_approval: ${approval}
`;

const { signal } = new AbortController();

async function worktreeOf(runId: string): Promise<Worktree> {
  const { context } = await readRun(bench.deps.runs.db, runId);
  return bench.deps.worktrees.toRead({ runId, context, at: context.baseSha, signal });
}

function makeOld({ path, gitDir }: Worktree): void {
  const yesterday = Date.now() / 1_000 - 86_400;
  for (const place of [dirname(path), gitDir]) utimesSync(place, yesterday, yesterday);
}

it('removes what a run left that ended on another machine, and nothing of one that waits', async () => {
  const ended = await worktreeOf((await bench.play(workflow(false))).run.id);
  const waiting = await worktreeOf((await bench.play(workflow(true))).run.id);
  for (const worktree of [ended, waiting]) makeOld(worktree);

  await sweepWorktrees(bench.deps, signal);

  expect(existsSync(ended.path)).toBe(false);
  expect(existsSync(waiting.path)).toBe(true);
});

it('forgets what it removed, so that a run that goes on finds its files again', async () => {
  const ended = await worktreeOf((await bench.play(workflow(false))).run.id);
  makeOld(ended);
  await sweepWorktrees(bench.deps, signal);
  expect(existsSync(ended.path)).toBe(false);

  const again = await worktreeOf(ended.runId);

  expect(existsSync(again.path)).toBe(true);
});

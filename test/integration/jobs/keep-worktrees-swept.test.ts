import { existsSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { JobDeps } from '#src/jobs/job-deps.ts';
import { sweepWorktrees } from '#src/jobs/keep-worktrees-swept.ts';
import { settleRun } from '#src/jobs/settle-run.ts';
import { createSessions } from '#src/steps/agent/sessions.ts';
import { createWorktrees } from '#src/steps/worktrees.ts';
import { readRun } from '#src/store/runs.ts';
import type { Worktree } from '#src/workspace/worktree.ts';
import {
  aDirectory,
  openWorkspaces,
  removeDirectory,
} from '#test/integration/workspace/fixtures.ts';
import { type Bench, openBench } from '../steps/bench.ts';

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

async function worktreeOf(runId: string, { worktrees } = bench.deps): Promise<Worktree> {
  const { context } = await readRun(bench.deps.runs.db, runId);
  return worktrees.toRead({ runId, context, at: context.baseSha, signal });
}

/** Another worker on the same database, with a data directory of its own. */
async function anotherMachine(): Promise<JobDeps> {
  const folder = aDirectory();
  onTestFinished(() => removeDirectory(folder));
  const workspaces = await openWorkspaces(folder);
  const worktrees = createWorktrees(workspaces, bench.deps.tokens, true);
  return { ...bench.deps, worktrees, sessions: createSessions() };
}

function makeOld({ path, gitDir }: Worktree): void {
  const yesterday = Date.now() / 1_000 - 86_400;
  for (const place of [dirname(path), join(gitDir, 'sluice-opening')])
    utimesSync(place, yesterday, yesterday);
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

it('is done by every machine for its own disk, though the end of a run is one job', async () => {
  const [here, there] = [bench.deps, await anotherMachine()];
  const ended = (await bench.play(workflow(false))).run.id;
  const waiting = (await bench.play(workflow(true))).run.id;
  for (const machine of [here, there])
    for (const runId of [ended, waiting]) machine.sessions.remember(runId, 'chat', 'session-1');
  const left = await worktreeOf(ended, there);
  const kept = await worktreeOf(waiting, there);
  const own = await worktreeOf(ended, here);
  makeOld(own);
  await settleRun(here)({ id: ended, data: { runId: ended }, signal, attempt: 1 });
  expect([existsSync(own.path), existsSync(left.path)]).toEqual([false, true]);
  for (const worktree of [left, kept]) makeOld(worktree);

  await sweepWorktrees(here, signal);
  expect(existsSync(left.path)).toBe(true);
  await sweepWorktrees(there, signal);

  expect([existsSync(left.path), existsSync(kept.path)]).toEqual([false, true]);
  const remembered = [ended, waiting].map((runId) => there.sessions.find(runId, 'chat'));
  expect(remembered).toEqual([undefined, 'session-1']);
});

it('opens again what another process of this machine gave back', async () => {
  const there = createWorktrees(bench.deps.worktrees.workspaces, bench.deps.tokens, true);
  const waiting = await worktreeOf((await bench.play(workflow(true))).run.id);
  await there.release(waiting.runId, Infinity);
  expect(existsSync(waiting.path)).toBe(false);

  const again = await worktreeOf(waiting.runId);

  expect(existsSync(again.path)).toBe(true);
});

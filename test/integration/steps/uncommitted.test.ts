import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JobDeps } from '#src/jobs/job-deps.ts';
import { moveHead } from '#src/runs/move-head.ts';
import { executeNode } from '#src/steps/execute-node.ts';
import { createWorktrees } from '#src/steps/worktrees.ts';
import { readRun } from '#src/store/runs.ts';
import {
  aDirectory,
  git,
  openWorkspaces,
  removeDirectory,
} from '#test/integration/workspace/fixtures.ts';
import { eventually } from '#test/support/eventually.ts';
import { type Bench, openBench, type Settled } from './bench.ts';

let bench: Bench;
const elsewhere = aDirectory();

beforeAll(async () => {
  bench = await openBench({
    prompts: [
      {
        match: 'Make (?<name>[\\w-]+)',
        steps: [
          { append: { path: '${name}.txt', content: 'done\n' } },
          { text: 'Did ${name}.' },
          { result: { summary: 'feat: add ${name}' } },
        ],
      },
      {
        match: 'Check stubborn',
        times: 1,
        steps: [
          { append: { path: 'checked.txt', content: 'stub\n' } },
          { result: { status: 'stub_detected' } },
        ],
      },
      {
        match: 'Check (?:<[^>]*>)?(?<name>[\\w-]+)',
        steps: [
          { append: { path: 'checked.txt', content: '${name}\n' } },
          { result: { status: 'approved' } },
        ],
      },
    ],
  });
});
afterAll(async () => {
  await bench.close();
  removeDirectory(elsewhere);
});

const cycle = (name: string, more = '') => `
name: cycle
steps:
  - id: execute
    agent: Writer
    prompt: Make ${name}
    output: done
    uncommitted: true
    result: {required_keys: [summary]}
  - id: quality
    agent: Writer
    depends_on: [execute]
    prompt: Check ${name}
    uncommitted: true
    result: {required_keys: [status]}
    status_field: status
    ${more}
  - {id: commit, depends_on: [quality], commit: "{{ done.summary }}"}
loops: {stub: {from: quality, to: execute, trigger: outcome == stub, max: 2}}
`;
const APPROVED = 'requires_approval: true';

/** `subject|step` of each commit on the branch that the base does not have, oldest first. */
function commitsOn({ branch }: Settled): string[] {
  const format = '--format=%s|%(trailers:key=Sluice-Step,valueonly,separator=)';
  const range = `${bench.origin.base}..refs/heads/${branch}`;
  const log = git(bench.origin.bare, 'log', '--reverse', format, range);
  return log === '' ? [] : log.split('\n');
}

function branchesOf({ branch }: Settled): string[] {
  return bench.origin.branches().filter((name) => name.startsWith(branch));
}

describe('steps that leave their work uncommitted', () => {
  it('become one commit for each task, with the message of the task and trailers', async () => {
    const tasks = `
name: tasks
steps:
  - id: each
    foreach:
      items: [one, two]
      as: task_name
      max_parallel: 1
      steps:
        - {id: execute, agent: Writer, prompt: "Make it-{{ index }}", output: done, uncommitted: true, result: {required_keys: [summary]}}
        - {id: quality, agent: Writer, depends_on: [execute], prompt: "Check {{ task_name }}", uncommitted: true}
        - {id: commit, depends_on: [quality], commit: "{{ done.summary }}"}
`;

    const settled = await bench.play(tasks);

    expect(settled.run.status).toBe('succeeded');
    expect(commitsOn(settled)).toEqual([
      'feat: add it-0|each[0]/commit',
      'feat: add it-1|each[1]/commit',
    ]);
    expect(settled.file('it-0.txt')).toBe('done');
    expect(settled.file('checked.txt')).toBe('one\ntwo');
    expect(settled.run.headSha).toBe(bench.origin.headOf(settled.branch));
    expect(settled.run.uncommitted).toBeNull();
    expect(branchesOf(settled)).toEqual([settled.branch]);
    const body = git(bench.origin.bare, 'log', '-1', '--format=%b', settled.branch);
    expect(body).toContain(`Sluice-Run: ${settled.run.id}`);
    expect(body).toContain('Co-authored-by: ');
  });

  it('put nothing on the branch before the last of them has passed', async () => {
    const waiting = await bench.play(cycle('quiet', APPROVED));

    expect(waiting.run.status).toBe('waiting');
    expect(waiting.run.headSha).toBeNull();
    expect(branchesOf(waiting)).toEqual([
      expect.stringMatching(`^${waiting.branch}-uncommitted-[0-9a-f]{12}$`),
    ]);

    const settled = await bench.decide(waiting.run.id, 'approve');

    expect(commitsOn(settled)).toEqual(['feat: add quiet|commit']);
    expect(branchesOf(settled)).toEqual([settled.branch]);
  });

  it('are still one commit when the check sends the work back', async () => {
    const settled = await bench.play(cycle('stubborn'));

    expect(settled.run.status).toBe('succeeded');
    expect(settled.node('execute').visit).toBe(2);
    expect(commitsOn(settled)).toEqual(['feat: add stubborn|commit']);
    expect(settled.file('stubborn.txt')).toBe('done\ndone');
    expect(settled.file('checked.txt')).toBe('stubborn');
  });

  it('commit nothing where nothing was changed', async () => {
    const settled = await bench.play(`
name: idle
steps:
  - {id: look, agent: Writer, prompt: Look around, uncommitted: true}
  - {id: commit, depends_on: [look], commit: nothing}
`);

    expect(settled.run.status).toBe('succeeded');
    expect(branchesOf(settled)).toEqual([]);
  });

  it('go into the commit of the next step that commits by itself', async () => {
    const settled = await bench.play(`
name: mixed
steps:
  - {id: one, agent: Writer, prompt: Make one, uncommitted: true}
  - {id: two, run: echo two > two.txt, depends_on: [one]}
  - {id: commit, depends_on: [two], commit: nothing is left}
`);

    expect(commitsOn(settled)).toEqual(['chore: run echo two > two.txt|two']);
    expect(settled.file('one.txt')).toBe('done');
  });

  it('take the commits of somebody else along', async () => {
    const waiting = await bench.play(cycle('together', APPROVED));
    const headSha = bench.origin.commit({ 'theirs.txt': 'theirs\n' }, waiting.branch);
    await moveHead(bench.deps.runs, {
      repositoryId: 7,
      branch: waiting.branch,
      headSha,
      by: 'alice',
    });

    const settled = await bench.decide(waiting.run.id, 'approve');

    expect(settled.run.status).toBe('succeeded');
    expect(commitsOn(settled)).toEqual(['a change|', 'feat: add together|commit']);
    expect(settled.file('theirs.txt')).toBe('theirs');
    expect(settled.file('together.txt')).toBe('done');
  });

  it('commit as they go in a worktree of their own, which is merged', async () => {
    const settled = await bench.play(`
name: apart
steps:
  - {id: before, agent: Writer, prompt: Make before, uncommitted: true}
  - id: both
    depends_on: [before]
    group:
      steps:
        - {id: left, agent: Writer, prompt: Make left, workspace: isolated, uncommitted: true}
        - {id: right, agent: Writer, prompt: Make right, workspace: isolated}
        - {id: save, depends_on: [left], commit: the left one}
  - {id: commit, depends_on: [both], commit: the rest}
`);

    expect(settled.run.status).toBe('succeeded');
    for (const name of ['before', 'left', 'right']) {
      expect(settled.file(`${name}.txt`)).toBe('done');
    }
    expect(settled.run.headSha).toBe(bench.origin.headOf(settled.branch));
  });
});

describe('a worker that dies', () => {
  it.each([
    { name: 'after-execute', node: 'execute', push: 1 },
    { name: 'after-quality', node: 'quality', push: 2 },
    { name: 'after-commit', node: 'commit', push: 3 },
  ])('between push and report of $node costs no work and makes no second commit', async (row) => {
    const { workspaces } = bench.deps.worktrees;
    const push = workspaces.push.bind(workspaces);
    const died = Promise.withResolvers<void>();
    const buried = Promise.withResolvers<void>();
    let pushes = 0;
    const spy = vi.spyOn(workspaces, 'push').mockImplementation(async (worktree, request) => {
      const result = await push(worktree, request);
      pushes += 1;
      if (pushes !== row.push) return result;
      died.resolve();
      await buried.promise;
      throw new Error('this worker is dead');
    });

    const runId = await bench.start(cycle(row.name));
    await died.promise;
    spy.mockRestore();
    await takeOver(runId, row.node);
    buried.resolve();
    const settled = await bench.settled(runId);

    expect(settled.run.status).toBe('succeeded');
    expect(commitsOn(settled)).toEqual([`feat: add ${row.name}|commit`]);
    expect(settled.file(`${row.name}.txt`)).toBe('done');
    expect(settled.file('checked.txt')).toBe(row.name);
    expect(settled.run.headSha).toBe(bench.origin.headOf(settled.branch));
    expect(settled.node(row.node)).toMatchObject({ crashes: 1, attempt: 2 });
  });
});

/** Another machine, which has never seen the repository, gets the dead one's job. */
async function takeOver(runId: string, node: string): Promise<void> {
  const { tokens } = bench.deps;
  const workspaces = await openWorkspaces(join(elsewhere, runId));
  const deps: JobDeps = { ...bench.deps, worktrees: createWorktrees(workspaces, tokens, true) };
  const data = { runId, node, visit: 1, attempt: 1 };
  const { signal } = new AbortController();
  await executeNode(deps)({ id: 'another', attempt: 1, data, signal });
  await eventually('the node to be done', async () => {
    const { run } = await readRun(bench.deps.runs.db, runId);
    return run.frames['']?.nodes[node]?.status === 'completed' || undefined;
  });
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isSettled } from '#src/engine/state/is-settled.ts';
import { nodeAt } from '#src/engine/state/node-at.ts';
import { openGates } from '#src/engine/state/open-gates.ts';
import { closeQueue, openQueue, type Queue } from '#src/queue/queue.ts';
import { advanceRun } from '#src/runs/advance-run.ts';
import { beginNode } from '#src/runs/begin-node.ts';
import { decideGate } from '#src/runs/decide-gate.ts';
import type { RunDeps } from '#src/runs/run-deps.ts';
import { restoreReading, restoreRequest } from '#src/store/restore.ts';
import { readRun } from '#src/store/runs.ts';
import { findLastSuccess } from '#src/store/starts.ts';
import { openTestDatabase, silent, type TestDatabase } from '#test/support/database.ts';
import { type Completed, done } from '#test/support/engine/player.ts';

/**
 * A run as version 1 left it in the database: in its second round of a loop, with a group whose one
 * step is tried again, a member that is done and one that waits at its gate, behind a call.
 */
const STORED = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/runs/version-1.json'), 'utf8'),
);
const ID: string = STORED.run.id;

let database: TestDatabase;
let queue: Queue;
let deps: RunDeps;
let minutes = 0;
beforeAll(async () => {
  database = await openTestDatabase('pglite');
  queue = await openQueue({ database: database.handle, log: silent });
  const now = () => new Date(Date.UTC(2026, 10, 22, 10, minutes)).toISOString();
  deps = { db: database.db, queue, now, newRunId: () => 'R' };
});
afterAll(async () => {
  await closeQueue(queue);
  await database.remove();
});

beforeEach(async () => {
  await database.db.deleteFrom('runs').execute();
  minutes = 0;
});

/** Writes the rows as they stood there. */
async function restore({ run = STORED.run, plan = STORED.plan, context = STORED.context } = {}) {
  const json = JSON.stringify(plan);
  const digest = createHash('sha256').update(json).digest('hex');
  const { db } = database;
  await db
    .insertInto('plans')
    .values({ digest, plan: json })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await db
    .insertInto('runs')
    .values({
      id: ID,
      repository_id: context.repository.id,
      installation_id: context.installationId,
      subject_number: context.subject.number,
      workflow: context.workflow,
      branch: context.branch,
      head_sha: run.headSha,
      status: run.status,
      live: !isSettled(run.status),
      start_key: 'delivery-1:0',
      starter: run.starter,
      plan_digest: digest,
      context: JSON.stringify(context),
      state: JSON.stringify(run),
      queued_at: run.startedAt,
      settled_at: null,
      updated_at: run.startedAt,
    })
    .execute();
}

async function finish(node: string, patch: Partial<Completed> = {}): Promise<void> {
  minutes += 1;
  const { plan, run } = await readRun(deps.db, ID);
  const { visit, attempt } = nodeAt(plan, run, node)!.state;
  await beginNode(deps, { runId: ID, node, visit, attempt, execution: `worker at ${minutes}` });
  const began = await readRun(deps.db, ID);
  const now = nodeAt(plan, began.run, node)!.state;
  const result = done(patch);
  const ended = { type: 'node.finished', node, visit, attempt: now.attempt, result } as const;
  const { records } = await advanceRun(deps, ID, { ...ended, at: deps.now() });
  expect(records, `${node} is not at work`).not.toEqual([]);
}

async function approveOpenGate(): Promise<void> {
  const { run } = await readRun(deps.db, ID);
  const [gate] = openGates(run);
  minutes += 1;
  const refusal = await decideGate(deps, ID, {
    gate: gate?.id ?? 'none',
    verdict: 'approve',
    by: 'bob',
    text: null,
    channel: 'github',
    headSha: run.headSha,
    sha: null,
    key: `approved at ${minutes}`,
  });
  expect(refusal).toBeNull();
}

const commit = (letter: string) => ({ commit: letter.repeat(40) });
const pushed = (letter: string) => ({ ...commit(letter), headSha: letter.repeat(40) });

describe('a run that version 1 has stored', () => {
  it('is read with everything it says', async () => {
    await restore();

    const { run, plan, context } = await readRun(deps.db, ID);

    expect(run).toMatchObject(STORED.run);
    expect(run.version).toBe(2);
    expect(plan).toEqual(STORED.plan);
    expect(context).toEqual(STORED.context);
  });

  it('goes on where it waited, and ends right', async () => {
    await restore();

    await finish('both/right');
    await approveOpenGate();
    await finish('each[1]/tidy', commit('b'));
    await finish('each', pushed('c'));
    await finish('test', { outcome: 'revise', fingerprint: ['basket'] });
    await finish('build', { ...pushed('d'), data: { areas: ['north'] } });
    await finish('each', { items: ['north'] });
    await finish('each[0]/make');
    await approveOpenGate();
    await finish('each[0]/tidy');
    await finish('both/left');
    await finish('both/right');
    await finish('test');
    await finish('last');

    const { run } = await readRun(deps.db, ID);
    const root = run.frames['']!;
    expect(run).toMatchObject({ status: 'succeeded', reason: null, headSha: 'd'.repeat(40) });
    expect(Object.values(root.nodes).map(({ status }) => status)).toEqual(
      Object.keys(root.nodes).map(() => 'completed'),
    );
    expect(root.loops['again']).toMatchObject({ count: 2, lastFingerprint: ['basket'] });
    expect(run.gates.map(({ id, status }) => `${id} ${status}`)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `G${number} decided`),
    );
    expect(run.trees).toMatchObject({ 'each[1]/@2.0': 'b'.repeat(40) });
    expect(nodeAt(STORED.plan, run, 'both/right')?.state).toMatchObject({ visit: 3, retries: 0 });
  });

  it('is saved in the present shape as soon as anything happens', async () => {
    await restore();

    await finish('both/right');

    const { state } = await deps.db.selectFrom('runs').select('state').executeTakeFirstOrThrow();
    expect(JSON.parse(state)).toMatchObject({ version: 2 });
    expect(JSON.parse(state).gates[0]).toMatchObject({ item: null, remindedAt: null });
  });
});

describe('what a newer version has stored', () => {
  it.each([
    ['a run', { run: { ...STORED.run, version: 99 } }],
    ['a plan', { plan: { ...STORED.plan, version: 99 } }],
    ['what a run is about', { context: { ...STORED.context, version: 99 } }],
  ])('is not touched: %s', async (_, rows) => {
    await restore(rows);
    const before = await deps.db.selectFrom('runs').select('state').executeTakeFirstOrThrow();
    const cancelled = { type: 'run.cancelled', by: 'bob', reason: null, at: deps.now() } as const;

    await expect(readRun(deps.db, ID)).rejects.toMatchObject({
      code: 'saved-by-newer-version',
      message: expect.stringMatching(/newer version of Sluice.*start the newer version again/),
      fields: { found: 99 },
    });
    await expect(advanceRun(deps, ID, cancelled)).rejects.toMatchObject({
      code: 'saved-by-newer-version',
    });
    expect(await deps.db.selectFrom('runs').select('state').executeTakeFirstOrThrow()).toEqual(
      before,
    );
  });

  it('is not compared with, either', async () => {
    const run = { ...STORED.run, status: 'succeeded' };
    await restore({ run, context: { ...STORED.context, version: 99 } });
    const place = { repositoryId: 77, subjectNumber: 12, workflow: 'stored' };

    await expect(findLastSuccess(deps.db, place)).rejects.toMatchObject({
      code: 'saved-by-newer-version',
    });
  });

  it.each([
    ['a start that waits', 3, restoreRequest],
    ['how a comment was read', 2, restoreReading],
  ])('is not carried out: %s', (_, newer, parse) => {
    expect(parse('{"type":"ignore"}')).toMatchObject({ type: 'ignore' });
    expect(() => parse(`{"version":${newer},"type":"ignore"}`)).toThrowError(
      'newer version of Sluice',
    );
  });
});

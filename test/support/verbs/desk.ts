import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { loadBuiltinWorkflows } from '#src/builtin-workflows.ts';
import type { Command, DecideCommand } from '#src/commands/command.ts';
import type { AttemptResult } from '#src/engine/state/event.ts';
import { nodeAt } from '#src/engine/state/node-at.ts';
import type { Channel } from '#src/engine/state/run.ts';
import type { RepositoryContext, RunContext, Trigger } from '#src/engine/state/run-context.ts';
import type { Plan } from '#src/plan/plan.ts';
import { closeQueue, openQueue, type Queue } from '#src/queue/queue.ts';
import { advanceRun } from '#src/runs/advance-run.ts';
import { startRun } from '#src/runs/start-run.ts';
import { readRun, type StoredRun } from '#src/store/runs.ts';
import { performCommand, performCommands } from '#src/verbs/perform-commands.ts';
import type { Performed } from '#src/verbs/performed.ts';
import type { CommandRequest } from '#src/verbs/request.ts';
import type { VerbDeps } from '#src/verbs/verb-deps.ts';
import { openTestDatabase, silent, type TestDatabase } from '#test/support/database.ts';
import { done } from '#test/support/engine/player.ts';
import { FakeForge } from './fake-forge.ts';

const ROOT = join(import.meta.dirname, '../../..');

export const REPOSITORY: RepositoryContext = {
  id: 77,
  owner: 'acme',
  name: 'shop',
  cloneUrl: 'https://forge.test/acme/shop.git',
  htmlUrl: 'https://forge.test/acme/shop',
  defaultBranch: 'main',
  private: false,
};

/** Who asks, where, and how; anything left out is ordinary. */
export interface Asking {
  readonly by?: string;
  readonly actorType?: string;
  readonly channel?: Channel;
  readonly via?: Trigger['via'];
  /** Command line or label. */
  readonly text?: string;
  readonly saidAt?: string;
  readonly saidAbout?: string;
  readonly key?: string;
}

export interface RunToStart {
  readonly workflow?: string;
  readonly starter?: string;
  readonly origin?: Channel;
  /** Key of the start; left out: its own. */
  readonly key?: string;
}

/** Where commands are carried out, for real but for the forge: database, queue and runs. */
export interface Desk {
  database: TestDatabase;
  deps: VerbDeps;
  /** A fresh one for each test. */
  forge: FakeForge;
  /** An issue of its own for each test. */
  number: number;
  /** What time it is; tests move it on. */
  now: string;
}

let issues = 0;
let keys = 0;
let runs = 0;

/** One database for the file, and a thread and a forge for each test. */
export function useDesk(): Desk {
  const desk = { now: '2026-11-21T09:00:00.000Z' } as Desk;
  let queue: Queue;

  beforeAll(async () => {
    desk.database = await openTestDatabase('pglite');
    queue = await openQueue({ database: desk.database.handle, log: silent });
    desk.deps = {
      runs: { db: desk.database.db, queue, now: () => desk.now, newRunId },
      settings: {
        prefix: 'sluice',
        instance: 'default',
        appId: 1,
        bareCommands: true,
        folder: '.github/sluice',
        baseUrl: null,
        protectedBranches: [],
        gateExpireMs: 86_400_000,
        gateRemindersMs: [],
        quietAfterMs: null,
        version: '0.0.0',
      },
      builtin: loadBuiltinWorkflows(join(ROOT, 'workflows')),
      forgeOf: () => desk.forge,
      log: silent,
    };
  });
  beforeEach(async () => {
    await sql`DELETE FROM pgboss.job`.execute(desk.database.db);
    desk.now = '2026-11-21T09:00:00.000Z';
    desk.forge = new FakeForge();
    issues += 1;
    desk.number = issues;
    desk.forge.items.set(issues, {
      title: 'Broken cart',
      body: 'It drops what was put in.',
      author: 'rita',
      labels: [],
      isPullRequest: false,
    });
  });
  afterAll(async () => {
    await closeQueue(queue);
    await desk.database.remove();
  });

  return desk;
}

/** Eight characters, as people type them. */
function newRunId(): string {
  runs += 1;
  return `R${2_000_000 + runs}`;
}

function requestFor(desk: Desk, command: Command, asking: Asking): CommandRequest {
  keys += 1;
  const { by = 'bob', actorType = 'User', channel = 'github', via = 'comment' } = asking;
  const { key = `delivery-${keys}/0`, saidAt, saidAbout } = asking;
  return {
    command,
    actor: { login: by, type: actorType, isApp: actorType === 'Bot' },
    channel,
    forge: desk.forge,
    installationId: 1,
    repository: REPOSITORY,
    number: desk.number,
    trigger: {
      via,
      login: by,
      text: asking.text ?? 'a command',
      deliveryId: key,
      commentId: via === 'comment' ? keys : null,
    },
    ...(saidAt !== undefined && { saidAt }),
    ...(saidAbout !== undefined && { saidAbout }),
    key,
  };
}

/** Carries a command out; nothing is shown. */
export function ask(desk: Desk, command: Command, asking: Asking = {}): Promise<Performed> {
  return performCommand(desk.deps, requestFor(desk, command, asking));
}

/** Carries a command out and shows on the thread how it went. */
export function tell(desk: Desk, command: Command, asking: Asking = {}): Promise<void> {
  return performCommands(desk.deps, [requestFor(desk, command, asking)]);
}

/** A run of the plan on the desk's thread. */
export async function aRun(desk: Desk, plan: Plan, given: RunToStart = {}): Promise<string> {
  const runId = desk.deps.runs.newRunId();
  const { key = `start-${runId}`, workflow = 'test', starter = 'alice', origin = 'github' } = given;
  const context: RunContext = {
    installationId: 1,
    repository: REPOSITORY,
    subject: { type: 'issue', number: desk.number, title: 'Broken cart', author: 'rita' },
    branch: `sluice/${desk.number}-${workflow}-${runId}`,
    baseSha: 'a'.repeat(40),
    baseRef: 'main',
    workflow,
    task: 'Fix it.',
    origin,
    trigger: { via: 'label', login: starter, text: '', deliveryId: null, commentId: null },
  };
  const named = { ...plan, name: workflow };
  await startRun(desk.deps.runs, { runId, plan: named, context, params: {}, startKey: key });
  return runId;
}

export function stored(desk: Desk, runId: string): Promise<StoredRun> {
  return readRun(desk.database.db, runId);
}

/** A worker carries out a step of the run. */
export async function finish(
  desk: Desk,
  runId: string,
  node: string,
  result: AttemptResult = done(),
): Promise<void> {
  const { run, plan } = await stored(desk, runId);
  const visit = nodeAt(plan, run, node)?.state.visit ?? 1;
  const at = desk.now;
  const begun = { type: 'node.started', node, visit, execution: runId, snapshot: null } as const;
  await advanceRun(desk.deps.runs, runId, { ...begun, at });
  const after = await stored(desk, runId);
  const attempt = nodeAt(plan, after.run, node)?.state.attempt ?? 1;
  await advanceRun(desk.deps.runs, runId, {
    type: 'node.finished',
    node,
    visit,
    attempt,
    result,
    at,
  });
}

/** What is queued to be said on threads, oldest first. */
export async function answers(desk: Desk): Promise<readonly string[]> {
  const queued = await sql<{ body: string }>`
    SELECT data->>'body' AS body FROM pgboss.job WHERE name = 'post-answer'
    ORDER BY created_on`.execute(desk.database.db);
  return queued.rows.map(({ body }) => body);
}

/** Everything that is kept, but for who was answered a refusal today. */
export async function kept(desk: Desk): Promise<string> {
  const { db } = desk.database;
  const tables = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_name <> 'refusals' ORDER BY 1`.execute(db);
  const all = tables.rows.map(({ name }) => sql`SELECT * FROM ${sql.table(name)}`.execute(db));
  return JSON.stringify((await Promise.all(all)).map(({ rows }) => rows));
}

/** Names of what is queued beside answers. */
export async function jobs(desk: Desk): Promise<readonly string[]> {
  const queued = await sql<{ name: string }>`
    SELECT DISTINCT name FROM pgboss.job WHERE name <> 'post-answer' ORDER BY 1`.execute(
    desk.database.db,
  );
  return queued.rows.map(({ name }) => name);
}

export function decide(
  verdict: DecideCommand['verdict'],
  given: Partial<Pick<DecideCommand, 'target' | 'sha' | 'text' | 'note'>> = {},
): DecideCommand {
  return { type: 'decide', verdict, target: null, sha: null, text: null, note: null, ...given };
}

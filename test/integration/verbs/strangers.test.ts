import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadBuiltinWorkflows } from '#src/builtin-workflows.ts';
import type { Actor } from '#src/commands/authorize.ts';
import type { Command, DecideCommand } from '#src/commands/command.ts';
import { VERB_NAMES, VERBS, type VerbName } from '#src/commands/verbs.ts';
import { FolderCache } from '#src/github/folder-cache.ts';
import { closeQueue, openQueue, type Queue } from '#src/queue/queue.ts';
import { advanceRun } from '#src/runs/advance-run.ts';
import { newRunId } from '#src/runs/run-id.ts';
import { startRun } from '#src/runs/start-run.ts';
import { performCommands } from '#src/verbs/perform-commands.ts';
import type { WebhookDeps } from '#src/verbs/webhook-deps.ts';
import { installed, requestsOf } from '#test/integration/github/installed.ts';
import { aStart } from '#test/integration/store/a-run.ts';
import { openTestDatabase, silent, type TestDatabase } from '#test/support/database.ts';
import { agent, aPlan, approval } from '#test/support/engine/plan-builder.ts';

const here = installed({ repositories: [{ name: 'demo', private: true }] });
let database: TestDatabase;
let queue: Queue;
let deps: WebhookDeps;

beforeAll(async () => {
  database = await openTestDatabase('pglite');
  queue = await openQueue({ database: database.handle, log: silent });
  const { local, github } = here;
  deps = {
    runs: { db: database.db, queue, now: () => new Date().toISOString(), newRunId },
    github,
    settings: {
      prefix: 'sluice',
      instance: 'default',
      appId: local.app.appId,
      bareCommands: true,
      folder: '.github/sluice',
      baseUrl: null,
      protectedBranches: [],
      gateExpireMs: 86_400_000,
      gateRemindersMs: [],
      quietAfterMs: null,
      version: '0.0.0',
    },
    builtin: loadBuiltinWorkflows(join(import.meta.dirname, '../../../workflows')),
    folders: new FolderCache(),
    appSlug: async () => local.app.slug,
    log: silent,
  };
});
afterAll(async () => {
  await closeQueue(queue);
  await database.remove();
});

const decide = (verdict: DecideCommand['verdict']): Command => ({
  type: 'decide',
  verdict,
  target: null,
  sha: null,
  text: 'ten words or so',
  note: null,
});

const COMMANDS: Readonly<Record<VerbName, Command>> = {
  run: { type: 'start', workflow: 'feature', task: null, params: {} },
  workflow: { type: 'start', workflow: 'feature', task: 'Do it.', params: {} },
  plan: { type: 'plan', workflow: 'feature', task: null, params: {} },
  doctor: { type: 'doctor', workflow: null },
  create: { type: 'create', name: 'triage', file: null, about: null },
  list: { type: 'list' },
  status: { type: 'status' },
  output: { type: 'output', step: 'build', run: null, from: 1 },
  help: { type: 'help', topic: null },
  approve: decide('approve'),
  revise: decide('revise'),
  deny: decide('deny'),
  edit: decide('edit'),
  answer: decide('answer'),
  guide: decide('guide'),
  override: decide('override'),
  skip: { type: 'skip', step: 'build' },
  redesign: { type: 'redesign', run: null, text: 'Another thing.' },
  cancel: { type: 'cancel', run: null, reason: null },
  retry: { type: 'retry', step: null },
  resume: { type: 'resume', run: null, text: null },
};
const RULED = VERB_NAMES.filter((verb) => VERBS[verb].who.type !== 'anyone');

/** Everything that is kept, but for who was answered a refusal. */
async function kept(): Promise<string> {
  const tables = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_name <> 'refusals' ORDER BY 1`.execute(database.db);
  const rows = tables.rows.map(({ name }) => sql`SELECT * FROM ${sql.table(name)}`);
  return JSON.stringify(
    await Promise.all(rows.map(async (query) => (await query.execute(database.db)).rows)),
  );
}

/** What is queued to be said; anything else that is queued makes the test fail. */
async function answers(): Promise<readonly unknown[]> {
  const queued = await sql<{ name: string; data: { body?: string } }>`
    SELECT name, data FROM pgboss.job`.execute(database.db);
  return queued.rows.map(({ name, data }) => (name === 'post-answer' ? data.body : name));
}

let delivery = 0;

async function say(actor: Actor, number: number, command: Command): Promise<void> {
  const { login } = actor;
  const [owner = '', name = ''] = here.local.fullName.split('/');
  const { context } = aStart({ id: 'R' });
  const { id: commentId } = await here.local.as('bob').comment(number, 'a command');
  const deliveryId = `delivery-${++delivery}`;
  await performCommands(deps, [
    {
      command,
      actor,
      octokit: here.octokit,
      installationId: here.local.app.installationId,
      repository: { ...context.repository, owner, name },
      number,
      trigger: { via: 'comment', login, text: 'a command', deliveryId, commentId },
      key: `${deliveryId}/0`,
    },
  ]);
}

/** A thread with a run that waits at a gate, and beside it one that is over. */
async function aBusyThread(): Promise<number> {
  const { number } = await here.local.as('bob').createIssue({ title: 'Busy' });
  const plan = aPlan({
    nodes: [agent('build', { disposition: 'optional' }), approval('ask')],
    policies: { redesign: { to: 'build' } },
  });
  for (const workflow of ['waits', 'over']) {
    const runId = newRunId();
    const start = aStart({ id: runId, subject: number, workflow });
    await startRun(deps.runs, { runId, plan, context: start.context, params: {}, startKey: runId });
    const at = deps.runs.now();
    if (workflow === 'over')
      await advanceRun(deps.runs, runId, { type: 'run.cancelled', by: 'bob', reason: null, at });
  }
  return number;
}

/** What was changed on GitHub since the last time this was asked. */
function written(): readonly string[] {
  const isRead = /^GET |\/access_tokens$/;
  return requestsOf(here).filter((request) => !isRead.test(request));
}

const MALLORY: Actor = { login: 'mallory', type: 'User', isApp: false };

let thread: number;
beforeEach(async () => {
  thread = await aBusyThread();
  await sql`DELETE FROM pgboss.job`.execute(database.db);
});

interface Seen {
  /** Something is kept now that was not kept before. */
  readonly changed: boolean;
  readonly reactions: number;
  readonly answers: readonly unknown[];
}

async function seenOf(command: Command, actor: Actor): Promise<Seen> {
  const before = await kept();
  written();

  await say(actor, thread, command);

  const [comment = '', ...others] = written();
  expect(comment).toMatch(/\/comments$/);
  expect(others.filter((request) => !/^POST .*\/reactions$/.test(request))).toEqual([]);
  const changed = (await kept()) !== before;
  return { changed, reactions: others.length, answers: await answers() };
}

const refused = (answer: RegExp) => ({
  changed: false,
  reactions: 1,
  answers: [expect.stringMatching(answer)],
});

describe('somebody who may do nothing here', () => {
  it.each(RULED)('changes nothing with /%s, and is told why', async (verb) => {
    const seen = await seenOf(COMMANDS[verb], MALLORY);

    expect(seen).toEqual(refused(/^Not done: .* needs .* access.*, and mallory has none here\./));
  });
});

describe('somebody of whom GitHub does not say what they may', () => {
  it.each(RULED)('changes nothing with /%s, and is asked to try again', async (verb) => {
    here.local.faults.add({ kind: '500', path: /mallory\/permission/, times: 4 });

    const seen = await seenOf(COMMANDS[verb], MALLORY);

    expect(seen).toEqual(refused(/^Not done: GitHub did not say which rights mallory has here/));
  });
});

describe('a bot', () => {
  it.each(VERB_NAMES)('changes nothing with /%s, and hears nothing', async (verb) => {
    const bot = { login: 'helper[bot]', type: 'Bot', isApp: true };

    const seen = await seenOf(COMMANDS[verb], bot);

    expect(seen).toEqual({ changed: false, reactions: 0, answers: [] });
  });
});

import { newRun } from '#src/engine/state/new-run.ts';
import type { RunContext } from '#src/engine/state/run-context.ts';
import type { DatabaseHandle } from '#src/store/database.ts';
import { type InsertedRun, insertRun, type NewRun } from '#src/store/runs.ts';
import { agent, aPlan } from '#test/support/engine/plan-builder.ts';

export const NOW = '2026-11-21T09:00:00.000Z';

export interface RunPatch {
  readonly id: string;
  readonly subject?: number;
  readonly repositoryId?: number;
  readonly workflow?: string;
  readonly startKey?: string;
  readonly queuedAt?: string;
  readonly headSha?: string | null;
}

/** A start on a subject of its own, unless the test says which. */
export function aStart(patch: RunPatch): NewRun {
  const { id, workflow = 'feature', startKey = `delivery-of-${id}:0`, queuedAt = NOW } = patch;
  const frozen = aPlan({ nodes: [agent('plan')] });
  const run = newRun({
    id,
    plan: frozen,
    starter: 'alice',
    params: {},
    headSha: patch.headSha ?? null,
  });
  return { run, plan: frozen, context: contextOf(patch, workflow), startKey, queuedAt };
}

export async function insert(database: DatabaseHandle, start: NewRun): Promise<InsertedRun> {
  return database.db.transaction().execute((trx) => insertRun(trx, start));
}

let subjects = 1_000;

function contextOf(patch: RunPatch, workflow: string): RunContext {
  subjects += 1;
  const number = patch.subject ?? subjects;
  return {
    installationId: 1,
    repository: {
      id: patch.repositoryId ?? 77,
      owner: 'acme',
      name: 'shop',
      cloneUrl: 'https://github.test/acme/shop.git',
      htmlUrl: 'https://github.test/acme/shop',
      defaultBranch: 'main',
      private: false,
    },
    subject: { type: 'issue', number, title: 'Broken cart', author: 'bob' },
    branch: `sluice/${number}-${workflow}-${patch.id}`,
    baseSha: 'a'.repeat(40),
    baseRef: 'main',
    workflow,
    task: 'Fix it.',
    origin: 'github',
    trigger: {
      via: 'label',
      login: 'alice',
      text: `sluice:${workflow}`,
      deliveryId: null,
      commentId: null,
    },
  };
}

import type { TransitionRecord } from '../engine/state/event.ts';
import type { Database, DatabaseTransaction } from './schema.ts';
import { storableText } from './storable-text.ts';

export interface StoredTransition extends TransitionRecord {
  /** Grows within a run; gaps mean nothing. */
  readonly seq: number;
}

/** Far below PostgreSQL's limit of 65,535 parameters in one statement. */
const ROWS_PER_STATEMENT = 1_000;

/** Appends to a run's history, which never changes. The caller holds the run's lock. */
export async function appendTransitions(
  trx: DatabaseTransaction,
  runId: string,
  records: readonly TransitionRecord[],
): Promise<void> {
  for (let start = 0; start < records.length; start += ROWS_PER_STATEMENT) {
    const rows = records.slice(start, start + ROWS_PER_STATEMENT).map((record) => ({
      run_id: runId,
      at: record.at,
      node: record.node,
      visit: record.visit,
      attempt: record.attempt,
      kind: record.kind,
      reason_code: record.reasonCode,
      detail: record.detail === null ? null : storableText(record.detail),
      actor: record.actor,
    }));
    await trx.insertInto('transitions').values(rows).execute();
  }
}

/** In the order they happened. */
export async function listTransitions(
  db: Database,
  runId: string,
  page: { after?: number; limit?: number } = {},
): Promise<StoredTransition[]> {
  const rows = await db
    .selectFrom('transitions')
    .selectAll()
    .where('run_id', '=', runId)
    .where('seq', '>', page.after ?? 0)
    .orderBy('seq')
    .limit(page.limit ?? 10_000)
    .execute();
  return rows.map((row) => ({
    seq: row.seq,
    at: row.at.toISOString(),
    node: row.node,
    visit: row.visit,
    attempt: row.attempt,
    kind: row.kind,
    reasonCode: row.reason_code,
    detail: row.detail,
    actor: row.actor,
  }));
}

/** How often any of these happened in a run. */
export async function countTransitions(
  db: Database,
  runId: string,
  kinds: readonly string[],
): Promise<number> {
  const { count } = await db
    .selectFrom('transitions')
    .select((select) => select.fn.countAll().as('count'))
    .where('run_id', '=', runId)
    .where('kind', 'in', [...kinds])
    .executeTakeFirstOrThrow();
  return Number(count);
}

import { sql } from 'kysely';
import type { SignOfLife } from '../engine/read/quiet-nodes.ts';
import type { Database } from './schema.ts';

/** Keeps only the last sign. A worker that was replaced without knowing it changes nothing. */
export async function upsertSign(db: Database, runId: string, sign: SignOfLife): Promise<void> {
  await db
    .insertInto('signs_of_life')
    .values({ run_id: runId, ...sign })
    .onConflict((conflict) =>
      conflict
        .columns(['run_id', 'node'])
        .doUpdateSet({
          visit: sign.visit,
          attempt: sign.attempt,
          at: sign.at,
          quiet: sign.quiet,
        })
        .where(
          sql<boolean>`(signs_of_life.visit, signs_of_life.attempt) <= (excluded.visit, excluded.attempt)`,
        ),
    )
    .execute();
}

export async function listSigns(db: Database, runId: string): Promise<SignOfLife[]> {
  const rows = await db
    .selectFrom('signs_of_life')
    .select(['node', 'visit', 'attempt', 'at', 'quiet'])
    .where('run_id', '=', runId)
    .execute();
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** Nobody is listening to a run that is over. */
export async function deleteSigns(db: Database, runId: string): Promise<void> {
  await db.deleteFrom('signs_of_life').where('run_id', '=', runId).execute();
}

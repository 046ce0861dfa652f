import type { Scorecard } from '../engine/read/scorecard.ts';
import type { Database } from './schema.ts';

export interface RunScorecard extends Scorecard {
  readonly runId: string;
  readonly repositoryId: number;
  readonly workflow: string;
  readonly settledAt: string;
}

/** A run that was resumed and settles a second time has the scorecard of its last end. */
export async function upsertScorecard(db: Database, card: RunScorecard): Promise<void> {
  const { score, tokens, usd, retries } = card;
  const facts = {
    score,
    tokens,
    usd,
    work_ms: Math.round(card.workMs),
    retries,
    settled_at: card.settledAt,
  };
  await db
    .insertInto('scorecards')
    .values({
      run_id: card.runId,
      repository_id: card.repositoryId,
      workflow: card.workflow,
      ...facts,
    })
    .onConflict((conflict) => conflict.column('run_id').doUpdateSet(facts))
    .execute();
}

/** Of one workflow in one repository, newest first, excluding the run that asks. */
export async function listScorecards(
  db: Database,
  of: Pick<RunScorecard, 'runId' | 'repositoryId' | 'workflow'> & { readonly limit: number },
): Promise<Scorecard[]> {
  const rows = await db
    .selectFrom('scorecards')
    .select(['score', 'tokens', 'usd', 'work_ms as workMs', 'retries'])
    .where('repository_id', '=', of.repositoryId)
    .where('workflow', '=', of.workflow)
    .where('run_id', '<>', of.runId)
    .orderBy('settled_at', 'desc')
    .orderBy('run_id')
    .limit(of.limit)
    .execute();
  return rows;
}

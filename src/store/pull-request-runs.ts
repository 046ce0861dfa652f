import { sql } from 'kysely';
import type { Database } from './schema.ts';

/** Ids of the runs whose pull request has this number, newest first. */
export async function findRunIdsByPullRequest(
  db: Database,
  repositoryId: number,
  number: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('reports')
    .innerJoin('runs', 'runs.id', 'reports.run_id')
    .select('runs.id')
    .where('runs.repository_id', '=', repositoryId)
    .where('reports.kind', '=', 'pull-request')
    .where(sql<boolean>`(reports.data->>'number')::int = ${number}`)
    .orderBy('runs.queued_at', 'desc')
    .execute();
  return rows.map((row) => row.id);
}

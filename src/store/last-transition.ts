import type { Database } from './schema.ts';

/** The newest note of one kind in the history of a node's visit: what it says; null: there is none. */
export async function findLastDetail(
  db: Database,
  runId: string,
  about: { readonly node: string; readonly visit: number; readonly kind: string },
): Promise<string | null> {
  const row = await db
    .selectFrom('transitions')
    .select('detail')
    .where('run_id', '=', runId)
    .where('node', '=', about.node)
    .where('visit', '=', about.visit)
    .where('kind', '=', about.kind)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.detail ?? null;
}

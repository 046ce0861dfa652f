import type { Database } from './schema.ts';

/** When something of one kind was last noted about a run; null: never. */
export async function findLastTime(
  db: Database,
  runId: string,
  kind: string,
): Promise<string | null> {
  const row = await db
    .selectFrom('transitions')
    .select('at')
    .where('run_id', '=', runId)
    .where('kind', '=', kind)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.at.toISOString() ?? null;
}

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

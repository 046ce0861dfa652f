import type { Database } from './schema.ts';

/** When something of one kind was last recorded for a run; null if never. */
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

/** Detail of the newest history entry of one kind for a node's visit; null if there is none. */
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

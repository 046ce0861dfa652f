import type { Db as JobDatabase, PgBoss } from 'pg-boss';
import type { JobTable, NodeAttempt } from './jobs.ts';

export const STOPS_CHANNEL = 'sluice_stops';

/** Takes an attempt at a node out of the queue, waiting or running, and tells whoever runs it. */
export async function withdrawAttempt(
  boss: PgBoss,
  db: JobDatabase,
  attempt: NodeAttempt,
): Promise<void> {
  const jobs = await boss.findJobs('execute-node', { key: attempt.runId, data: attempt, db });
  const ids = jobs.filter(({ state }) => isUnfinished(state)).map(({ id }) => id);
  if (ids.length > 0) await boss.deleteJob('execute-node', ids, { db });
  await db.executeSql(`SELECT pg_notify('${STOPS_CHANNEL}', $1)`, [JSON.stringify(attempt)]);
}

/** Takes waiting attempts at these deliveries out of the queue and returns which are being handled. */
export async function withdrawDeliveries(
  boss: PgBoss,
  db: JobDatabase,
  guids: readonly string[],
): Promise<Set<string>> {
  const handled = new Set<string>();
  for (const guid of guids) {
    const find = () =>
      boss.findJobs<JobTable['handle-delivery']>('handle-delivery', { data: { guid }, db });
    for (const { id, state } of await find()) {
      if (state !== 'active') await deleteWaiting(boss, db, id);
    }
    if ((await find()).some(({ state }) => state === 'active')) handled.add(guid);
  }
  return handled;
}

/** Only while it waits: one that was claimed meanwhile is being done. */
async function deleteWaiting(boss: PgBoss, db: JobDatabase, id: string): Promise<void> {
  // An update that changes nothing holds a waiting job, which nobody can claim from then on.
  const { updated } = await boss.update('handle-delivery', undefined, { id, db });
  if (updated > 0) await boss.deleteJob('handle-delivery', id, { db });
}

function isUnfinished(state: string): boolean {
  return state === 'created' || state === 'retry' || state === 'active';
}

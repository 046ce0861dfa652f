import { fromPglite } from 'pg-boss';
import type { Logger } from 'pino';
import type { EmbeddedDatabase } from '../store/database.ts';
import { JOBS_CHANNEL, requeueLostJobs, STOPS_CHANNEL } from './job-table.ts';
import type { Session, SessionEvents } from './session.ts';

/** There is only one process: whatever is held when it starts was held by one that is dead. */
export async function openEmbeddedSession(
  { pglite }: EmbeddedDatabase,
  log: Logger,
  events: SessionEvents,
): Promise<Session> {
  const lost = await requeueLostJobs(fromPglite(pglite), 'everything');
  if (lost > 0) log.info({ jobs: lost }, 'jobs of the last process were requeued');
  const unlisten: Array<() => Promise<void>> = [];
  for (const channel of [JOBS_CHANNEL, STOPS_CHANNEL]) {
    unlisten.push(await pglite.listen(channel, (payload) => events.notified(channel, payload)));
  }
  return {
    worker: null,
    async close() {
      if (pglite.closed) return;
      for (const stop of unlisten) await stop();
    },
  };
}

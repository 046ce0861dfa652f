import type { Logger } from 'pino';
import type { EmbeddedDatabase } from '../store/database.ts';
import type { Boss } from './boss.ts';
import { requeueLostJobs } from './claims.ts';
import type { Session, SessionEvents } from './session.ts';
import { STOPS_CHANNEL } from './withdraw.ts';

/** There is only one process: whatever is held when it starts was held by one that is dead. */
export async function openEmbeddedSession(
  { pglite }: EmbeddedDatabase,
  { boss, transaction }: Boss,
  log: Logger,
  events: SessionEvents,
): Promise<Session> {
  const lost = await transaction((db) => requeueLostJobs(boss, db));
  if (lost > 0) log.info({ jobs: lost }, 'jobs of the last process were requeued');
  const unlisten = await pglite.listen(STOPS_CHANNEL, (payload) => events.stopped(payload));
  return {
    worker: null,
    async close() {
      if (!pglite.closed) await unlisten();
    },
  };
}

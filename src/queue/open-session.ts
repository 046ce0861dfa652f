import type { Logger } from 'pino';
import type { DatabaseHandle } from '../store/database.ts';
import type { Boss } from './boss.ts';
import { openEmbeddedSession } from './embedded-session.ts';
import { openServerSession } from './server-session.ts';
import type { Session, SessionEvents } from './session.ts';

export async function openQueueSession(
  database: DatabaseHandle,
  boss: Boss,
  log: Logger,
  events: SessionEvents,
): Promise<Session> {
  return database.dialect === 'pglite'
    ? openEmbeddedSession(database, boss, log, events)
    : openServerSession(database, boss, log, events);
}

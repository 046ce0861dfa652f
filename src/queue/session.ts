import type { Logger } from 'pino';
import type { DatabaseHandle } from '../store/database.ts';
import { openEmbeddedSession } from './embedded-session.ts';
import { openServerSession } from './server-session.ts';

export interface SessionEvents {
  /** A notification arrived. */
  notified(channel: string, payload: string): void;
  /** Notifications may have been missed. */
  missed(): void;
  /** Other workers declared this one dead and have its jobs. */
  declaredDead(): void;
}

/** How this process hears from the others, and how they see that it is alive. */
export interface Session {
  /** Number recorded in claims; null on the embedded database, which has one process. */
  readonly worker: number | null;
  close(): Promise<void>;
}

export async function openQueueSession(
  database: DatabaseHandle,
  log: Logger,
  events: SessionEvents,
): Promise<Session> {
  return database.dialect === 'pglite'
    ? openEmbeddedSession(database, log, events)
    : openServerSession(database, log, events);
}

import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from 'pino';
import type { ServerDatabase } from '../store/database.ts';
import type { Boss } from './boss.ts';
import { beat, joinWorkers, leaveWorkers, rejoinWorkers, removeDeadWorkers } from './presence.ts';
import type { Session, SessionEvents } from './session.ts';
import { STOPS_CHANNEL } from './withdraw.ts';

const BEAT_MS = 1_000;
const RECONNECT_MAX_MS = 5_000;
/** After a database outage, others may still be reconnecting while doing their jobs all the same. */
const JUDGING_AFTER_MS = 2 * RECONNECT_MAX_MS;

/**
 * A connection of its own, which PostgreSQL closes when this process ends: it listens, and it holds
 * the lock that shows others that this worker is alive.
 */
export async function openServerSession(
  database: ServerDatabase,
  boss: Boss,
  log: Logger,
  events: SessionEvents,
): Promise<Session> {
  const session = new ServerSession(database, boss, log, events);
  await session.open();
  return session;
}

class ServerSession implements Session {
  worker: number | null = null;
  readonly #database: ServerDatabase;
  readonly #boss: Boss;
  readonly #log: Logger;
  readonly #events: SessionEvents;
  #client: Client | null = null;
  #closed = false;
  #beating: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  /** It declares nobody dead before this time. */
  #judgingFrom = 0;

  constructor(database: ServerDatabase, boss: Boss, log: Logger, events: SessionEvents) {
    this.#database = database;
    this.#boss = boss;
    this.#log = log;
    this.#events = events;
  }

  async open(): Promise<void> {
    const client = await this.#connect();
    this.worker = await joinWorkers(client, `${hostname()}:${process.pid}`);
    this.#client = client;
    await this.#removeDead(client);
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#beating;
    const client = this.#client;
    if (client === null) return;
    this.#client = null;
    if (this.worker !== null) await leaveWorkers(client, this.worker).catch(() => undefined);
    await client.end();
  }

  async #connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.#database.databaseUrl,
      application_name: 'sluice session',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
    });
    client.on('error', () => this.#disconnected(client));
    client.on('end', () => this.#disconnected(client));
    client.on('notification', ({ channel, payload }) => this.#notified(channel, payload ?? ''));
    await client.connect();
    const channels = [STOPS_CHANNEL, ...this.#boss.subscriptions.map(({ channel }) => channel)];
    await client.query(channels.map((channel) => `LISTEN ${channel};`).join(' '));
    return client;
  }

  #notified(channel: string, payload: string): void {
    if (channel === STOPS_CHANNEL) this.#events.stopped(payload);
    for (const subscription of this.#boss.subscriptions) {
      if (subscription.channel === channel) subscription.heard(payload);
    }
  }

  #missed(): void {
    this.#events.missed();
    for (const subscription of this.#boss.subscriptions) subscription.missed();
  }

  #disconnected(client: Client): void {
    if (this.#client !== client || this.#closed) return;
    this.#client = null;
    this.#log.warn('the session with the database was lost; reconnecting');
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#beating = this.#beat().finally(() => this.#schedule());
    }, BEAT_MS);
  }

  async #beat(): Promise<void> {
    try {
      const client = this.#client ?? (await this.#reconnect());
      if (client === null || this.worker === null) return;
      const { alive, suspects } = await beat(client, this.worker);
      if (!alive) await this.#declaredDead(client);
      if (suspects && performance.now() >= this.#judgingFrom) await this.#removeDead(client);
    } catch (error) {
      if (!this.#closed) this.#log.warn({ err: error }, 'the session with the database failed');
      this.#drop();
    }
  }

  async #reconnect(): Promise<Client | null> {
    for (let delay = 100; !this.#closed; delay = Math.min(delay * 2, RECONNECT_MAX_MS)) {
      const client = await this.#tryToReconnect();
      if (client !== null) return client;
      await sleep(delay, undefined, { ref: false });
    }
    return null;
  }

  async #tryToReconnect(): Promise<Client | null> {
    let client: Client | undefined;
    try {
      client = await this.#connect();
      if (this.worker !== null) await rejoinWorkers(client, this.worker);
    } catch {
      await client?.end().catch(() => undefined);
      return null;
    }
    this.#client = client;
    this.#judgingFrom = performance.now() + JUDGING_AFTER_MS;
    this.#missed();
    return client;
  }

  async #declaredDead(client: Client): Promise<void> {
    this.#log.error({ worker: this.worker }, 'this worker was taken for dead');
    this.#events.declaredDead();
    this.worker = await joinWorkers(client, `${hostname()}:${process.pid}`);
    this.#missed();
  }

  async #removeDead(client: Client): Promise<void> {
    const removed = await removeDeadWorkers(client, this.#boss.boss, this.worker);
    if (removed.workers > 0)
      this.#log.warn(removed, 'dead workers were found, their jobs requeued');
  }

  #drop(): void {
    const client = this.#client;
    this.#client = null;
    client?.end().catch(() => undefined);
  }
}

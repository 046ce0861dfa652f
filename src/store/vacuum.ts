import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import type { Logger } from 'pino';

const INTERVAL_MS = 60_000;

/** PostgreSQL's own autovacuum rule, applied to a table and its overlong values. */
const WORTH_IT = `
  SELECT format('%I.%I', space.nspname, class.relname) AS name
  FROM pg_class class
  JOIN pg_namespace space ON space.oid = class.relnamespace
  JOIN pg_stat_all_tables own ON own.relid = class.oid
  LEFT JOIN pg_stat_all_tables toast ON toast.relid = class.reltoastrelid
  WHERE class.relkind = 'r'
    AND (own.n_dead_tup > 50 + 0.2 * own.n_live_tup
      OR toast.n_dead_tup > 50 + 0.2 * toast.n_live_tup)`;

/**
 * The embedded database is one process and has no autovacuum: without this, every saved state would
 * stay on disk for ever. Returns a function that ends it.
 */
export function keepVacuumed(pglite: PGlite, log: Logger): () => void {
  const timer = setInterval(() => {
    vacuum(pglite).catch((error) => {
      if (!pglite.closed) log.warn({ err: error }, 'the embedded database could not be vacuumed');
    });
  }, INTERVAL_MS).unref();
  return () => clearInterval(timer);
}

/** Vacuums the tables that need it, and returns which ones. */
export async function vacuum(pglite: PGlite): Promise<string[]> {
  // What was written in the last second is not counted yet.
  await pglite.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await pglite.query<{ name: string }>(WORTH_IT);
  for (const { name } of rows) {
    // Each one takes the whole process for some milliseconds; let others in between.
    await nextTurn();
    await pglite.exec(`VACUUM (ANALYZE) ${name}`);
  }
  return rows.map(({ name }) => name);
}

import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who holds which job, so that the jobs of a dead process are found without waiting for a time-out. */
export const claims: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  // A claim without a worker is lost. On the embedded database, which has one process, none has one.
  `create table claims (
    job uuid not null,
    attempt integer not null,
    name text not null,
    worker integer references workers (id) on delete set null,
    primary key (job, attempt)
  )`,
  // An index of ours on a table of pg-boss, which is pg-boss's alone now.
  `drop index if exists pgboss.sluice_job_unfinished`,
];

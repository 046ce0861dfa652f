import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What start limits and queues are decided by. Earlier runs have no starter and count for nobody. */
export const starts: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `alter table runs add column starter text`,
  `create index runs_starts on runs (repository_id, workflow, queued_at desc)`,

  `create table waiting_starts (
    key text primary key,
    repository_id bigint not null,
    subject_number integer not null,
    workflow text not null,
    scope text not null,
    request text not null,
    queued_at timestamptz not null
  )`,
  `create index waiting_starts_order on waiting_starts (repository_id, queued_at)`,
];

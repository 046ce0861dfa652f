import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** How well finished runs went, as the baseline of later ones. */
export const scorecards: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table scorecards (
    run_id text primary key references runs (id) on delete cascade,
    repository_id bigint not null,
    workflow text not null,
    score double precision not null,
    tokens bigint not null,
    usd double precision,
    work_ms bigint not null,
    retries integer not null,
    settled_at timestamptz not null
  )`,
  `create index scorecards_latest on scorecards (repository_id, workflow, settled_at desc)`,
];

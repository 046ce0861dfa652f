import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Answers of steps with `cache: true`, keyed by everything they depend on. */
export const stepCache: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table step_cache (
    key text primary key,
    repository_id bigint not null,
    answer text not null,
    created_at timestamptz not null
  )`,
  `create index step_cache_created_at on step_cache (created_at)`,
];

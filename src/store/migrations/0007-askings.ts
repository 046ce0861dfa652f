import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What people asked to be shown, so that nobody can make us answer without end. */
export const askings: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table askings (
    key text primary key,
    repository_id bigint not null,
    login text not null,
    at timestamptz not null
  )`,
  `create index askings_by_person on askings (repository_id, login, at)`,
];

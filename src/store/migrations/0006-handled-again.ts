import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What handling a delivery again needs to know: how its comment was read, and how each command ended. */
export const handledAgain: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `alter table deliveries add column reading text`,
  `alter table commands add column refusal text`,
  // Taking back a waiting start concerns no run.
  `alter table commands alter column run_id drop not null`,
];

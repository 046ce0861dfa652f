import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** When a working agent was last heard from: one row per step of a run. */
export const signsOfLife: Migration = {
  async up(db: Kysely<unknown>) {
    await sql
      .raw(
        `create table signs_of_life (
          run_id text not null references runs (id) on delete cascade,
          node text not null,
          visit integer not null,
          attempt integer not null,
          at timestamptz not null,
          quiet boolean not null,
          primary key (run_id, node)
        )`,
      )
      .execute(db);
  },
};

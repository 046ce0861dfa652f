import { sql } from 'kysely';
import type { Database } from './schema.ts';

export interface Asking {
  /** Key of the command: handled again, it counts once. */
  readonly key: string;
  readonly repositoryId: number;
  readonly login: string;
  readonly at: string;
}

/** Records that somebody asked for something, and returns its number among those within the given time. */
export async function countAsking(db: Database, asking: Asking, withinMs: number): Promise<number> {
  const login = asking.login.toLowerCase();
  const { key, repositoryId } = asking;
  await db
    .insertInto('askings')
    .values({ key, repository_id: repositoryId, login, at: asking.at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { at } = await db
    .selectFrom('askings')
    .select('at')
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  const row = await db
    .selectFrom('askings')
    .select(({ fn }) => fn.countAll<string | number>().as('askings'))
    .where('repository_id', '=', repositoryId)
    .where('login', '=', login)
    .where('at', '>', new Date(at.getTime() - withinMs))
    .where(sql<boolean>`(at, key) <= (${at}, ${key})`)
    .executeTakeFirstOrThrow();
  return Number(row.askings);
}

export async function pruneAskings(db: Database, before: string): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('askings')
    .where('at', '<', new Date(before))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

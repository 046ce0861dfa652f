import type { Database } from './schema.ts';

export interface RefusalDay {
  readonly repositoryId: number;
  readonly subjectNumber: number;
  readonly login: string;
  /** ISO time of the refusal; its UTC day is what matters. */
  readonly at: string;
}

/** Returns false if this person was already refused on this thread today: once is an answer, twice is noise. */
export async function insertRefusal(db: Database, refusal: RefusalDay): Promise<boolean> {
  const inserted = await db
    .insertInto('refusals')
    .values({
      repository_id: refusal.repositoryId,
      subject_number: refusal.subjectNumber,
      login: refusal.login.toLowerCase(),
      day: refusal.at.slice(0, 10),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('login')
    .executeTakeFirst();
  return inserted !== undefined;
}

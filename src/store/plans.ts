import { createHash } from 'node:crypto';
import type { Plan } from '../plan/plan.ts';
import { restorePlan } from './restore.ts';
import type { Database, DatabaseTransaction } from './schema.ts';

/**
 * Plans are immutable and named by their content, so one read in this process serves all of its
 * runs, in any database. Bounded, because repositories bring plans of their own.
 */
const remembered = new Map<string, Plan>();
const REMEMBERED_MAX = 100;

/** Stores a plan under its digest, once for all runs that share it. */
export async function insertPlan(trx: DatabaseTransaction, plan: Plan): Promise<string> {
  const json = JSON.stringify(plan);
  const digest = createHash('sha256').update(json).digest('hex');
  await trx
    .insertInto('plans')
    .values({ digest, plan: json })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .execute();
  return digest;
}

export async function readPlan(db: Database, digest: string): Promise<Plan> {
  const known = remembered.get(digest);
  if (known !== undefined) return known;
  const row = await db
    .selectFrom('plans')
    .select('plan')
    .where('digest', '=', digest)
    .executeTakeFirstOrThrow();
  return remember(digest, restorePlan(row.plan));
}

function remember(digest: string, plan: Plan): Plan {
  const oldest = remembered.keys().next();
  if (remembered.size >= REMEMBERED_MAX && oldest.done !== true) remembered.delete(oldest.value);
  remembered.set(digest, plan);
  return plan;
}

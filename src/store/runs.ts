import { isSettled } from '../engine/state/is-settled.ts';
import type { Run } from '../engine/state/run.ts';
import type { RunContext } from '../engine/state/run-context.ts';
import { AppError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { insertPlan, readPlan } from './plans.ts';
import { restoreContext, restoreRun } from './restore.ts';
import type { Database, DatabaseTransaction } from './schema.ts';

export interface StoredRun {
  readonly run: Run;
  readonly plan: Plan;
  readonly context: RunContext;
}

export interface NewRun extends StoredRun {
  /** What started it: a delivery and the command's place in it. Used once, so a redelivery starts nothing. */
  readonly startKey: string;
  readonly queuedAt: string;
}

export type InsertedRun =
  | 'inserted'
  /** `delivery`: this start already happened. `live`: the subject has such an unsettled run. */
  | { readonly conflict: 'delivery' | 'live'; readonly runId: string };

class RunNotFoundError extends AppError {
  constructor(id: string) {
    super('run-not-found', `There is no run ${id}.`, { fields: { runId: id } });
  }
}

/** A settled run cannot be resumed while a newer run of its workflow is live on the subject. */
export class LiveRunError extends AppError {
  constructor(id: string, cause: unknown) {
    super('live-run-exists', `Another run of the workflow of ${id} is live on the same subject.`, {
      cause,
      fields: { runId: id },
    });
  }
}

export async function insertRun(trx: DatabaseTransaction, start: NewRun): Promise<InsertedRun> {
  const planDigest = await insertPlan(trx, start.plan);
  const row = newRow(start, planDigest);
  // The run in the way may settle or roll back before it is looked up; then there is room.
  for (let tries = 0; tries < 5; tries += 1) {
    const inserted = await trx
      .insertInto('runs')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (inserted !== undefined) return 'inserted';
    const conflict = await findConflict(trx, start);
    if (conflict !== undefined) return conflict;
  }
  throw new AppError('run-not-inserted', `Run ${start.run.id} could not be inserted.`, {
    fields: { runId: start.run.id },
  });
}

/** Reads a run and locks its row until the transaction ends, so two workers cannot advance it at once. */
export async function lockRun(trx: DatabaseTransaction, id: string): Promise<StoredRun> {
  const row = await runById(trx, id).forUpdate().executeTakeFirst();
  if (row === undefined) throw new RunNotFoundError(id);
  return withPlan(trx, row);
}

export async function findRun(db: Database, id: string): Promise<StoredRun | undefined> {
  const row = await runById(db, id).executeTakeFirst();
  return row === undefined ? undefined : withPlan(db, row);
}

export async function readRun(db: Database, id: string): Promise<StoredRun> {
  const stored = await findRun(db, id);
  if (stored === undefined) throw new RunNotFoundError(id);
  return stored;
}

/** The caller holds the run's lock. Plan and context never change and are not written again. */
export async function saveRun(trx: DatabaseTransaction, run: Run, at: string): Promise<void> {
  try {
    const { numUpdatedRows } = await trx
      .updateTable('runs')
      .set({ ...movingColumns(run), updated_at: at })
      .where('id', '=', run.id)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new RunNotFoundError(run.id);
  } catch (error) {
    throw isUniqueViolation(error) ? new LiveRunError(run.id, error) : error;
  }
}

function newRow({ run, context, startKey, queuedAt }: NewRun, planDigest: string) {
  return {
    id: run.id,
    repository_id: context.repository.id,
    installation_id: context.installationId,
    subject_number: context.subject.number,
    workflow: context.workflow,
    branch: context.branch,
    ...movingColumns(run),
    start_key: startKey,
    starter: run.starter.toLowerCase(),
    plan_digest: planDigest,
    context: JSON.stringify(context),
    queued_at: queuedAt,
    updated_at: queuedAt,
  };
}

function movingColumns(run: Run) {
  return {
    status: run.status,
    live: !isSettled(run.status),
    head_sha: run.headSha,
    settled_at: run.settledAt,
    state: JSON.stringify(run),
  };
}

async function findConflict(
  trx: DatabaseTransaction,
  { startKey, context }: NewRun,
): Promise<InsertedRun | undefined> {
  const row = await trx
    .selectFrom('runs')
    .select(['id', 'start_key'])
    .where((where) =>
      where.or([
        where('start_key', '=', startKey),
        where.and([
          where('live', '=', true),
          where('repository_id', '=', context.repository.id),
          where('subject_number', '=', context.subject.number),
          where('workflow', '=', context.workflow),
        ]),
      ]),
    )
    .orderBy((by) => by('start_key', '=', startKey), 'desc')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { conflict: row.start_key === startKey ? 'delivery' : 'live', runId: row.id };
}

function runById(db: Database, id: string) {
  return db.selectFrom('runs').select(['state', 'context', 'plan_digest']).where('id', '=', id);
}

async function withPlan(
  db: Database,
  row: { state: string; context: string; plan_digest: string },
): Promise<StoredRun> {
  return {
    run: restoreRun(row.state),
    context: restoreContext(row.context),
    plan: await readPlan(db, row.plan_digest),
  };
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}

import type { Refusal, RunEvent } from '../engine/event.ts';
import { insertCommand } from '../store/commands.ts';
import { lockRun } from '../store/runs.ts';
import { applyEvent } from './apply-event.ts';
import type { RunDeps } from './run-deps.ts';

type Wish = Extract<RunEvent, { type: 'run.cancelled' | 'run.resumed' }>;

/** Cancels or resumes a run for a person, or says why not. The key names the command: it is carried out once. */
export async function commandRun(
  deps: RunDeps,
  runId: string,
  key: string,
  wish:
    | Omit<Extract<Wish, { type: 'run.cancelled' }>, 'at'>
    | Omit<Extract<Wish, { type: 'run.resumed' }>, 'at'>,
): Promise<Refusal | null> {
  return deps.db.transaction().execute(async (trx) => {
    const stored = await lockRun(trx, runId);
    const at = deps.now();
    if (!(await insertCommand(trx, { key, runId, at }))) return null;
    const { refusal } = await applyEvent(deps, trx, stored, { ...wish, at });
    return refusal;
  });
}

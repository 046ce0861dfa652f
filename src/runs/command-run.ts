import type { Refusal, RunEvent } from '../engine/state/event.ts';
import { lockRun } from '../store/runs.ts';
import { applyEvent } from './apply-event.ts';
import { carryOutOnce } from './carry-out-once.ts';
import type { RunDeps } from './run-deps.ts';

type Wish = Extract<
  RunEvent,
  { type: 'run.cancelled' | 'run.resumed' | 'run.redesigned' | 'node.waived' }
>;
type Untimed<E> = E extends unknown ? Omit<E, 'at'> : never;

/** Cancels, resumes or redesigns a run, or skips one of its steps, or says why not. The key makes sure it is carried out once. */
export async function commandRun(
  deps: RunDeps,
  runId: string,
  key: string,
  wish: Untimed<Wish>,
): Promise<Refusal | null> {
  return deps.db.transaction().execute(async (trx) => {
    const stored = await lockRun(trx, runId);
    const at = deps.now();
    return carryOutOnce(trx, { key, runId, at }, async () => {
      const { refusal } = await applyEvent(deps, trx, stored, { ...wish, at });
      return refusal;
    });
  });
}

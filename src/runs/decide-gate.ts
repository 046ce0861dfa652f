import type { Refusal } from '../engine/event.ts';
import type { Channel, Verdict } from '../engine/run.ts';
import { insertCommand } from '../store/commands.ts';
import { lockRun } from '../store/runs.ts';
import { applyEvent } from './apply-event.ts';
import type { RunDeps } from './run-deps.ts';

export interface GateDecision {
  readonly gate: string;
  readonly verdict: Verdict;
  readonly by: string;
  readonly text: string | null;
  readonly channel: Channel;
  /** Where the run's branch stands on GitHub now; null: it has none. */
  readonly headSha: string | null;
  readonly sha: string | null;
  /** Names this command for ever; carried out once. */
  readonly key: string;
}

/**
 * Settles a gate, or says why not. When the branch has moved, the run learns that first: its gate is
 * then void, and a new one opens on what is there now.
 */
export async function decideGate(
  deps: RunDeps,
  runId: string,
  { key, ...decision }: GateDecision,
): Promise<Refusal | null> {
  return deps.db.transaction().execute(async (trx) => {
    const stored = await lockRun(trx, runId);
    const at = deps.now();
    if (!(await insertCommand(trx, { key, runId, at }))) return null;
    const moved = decision.headSha !== null && decision.headSha !== stored.run.headSha;
    const before = moved
      ? await applyEvent(deps, trx, stored, {
          type: 'head.moved',
          headSha: decision.headSha ?? '',
          by: decision.by,
          at,
        })
      : { run: stored.run };
    const event = { type: 'gate.decided' as const, ...decision, alone: false, at };
    const { refusal } = await applyEvent(deps, trx, { ...stored, run: before.run }, event);
    return refusal;
  });
}

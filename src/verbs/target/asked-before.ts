import { openGates } from '../../engine/state/open-gates.ts';
import { readAskedTimes } from '../../runs/asked-times.ts';
import type { StoredRun } from '../../runs/stored-run.ts';
import type { LookupDeps } from '../verb-deps.ts';
import type { OpenGate } from './resolve-target.ts';
import { isNotAfter } from './said-after.ts';

/**
 * Whether a gate was asked when a comment was written: a delivery may reach us days later, when
 * something else is being asked. The time is GitHub's own for the gate's comment, since no two
 * clocks agree; until there is one, when the gate opened.
 */
export async function askedBefore(
  deps: LookupDeps,
  runs: readonly StoredRun[],
  saidAt: string | undefined,
): Promise<(candidate: OpenGate) => boolean> {
  if (saidAt === undefined) return () => true;
  const times = new Map<string, string>();
  for (const { run } of runs.filter((stored) => openGates(stored.run).length > 0)) {
    for (const [gate, at] of await readAskedTimes(deps.runs, run.id))
      times.set(`${run.id}/${gate}`, at);
  }
  return ({ stored, gate }) =>
    isNotAfter(times.get(`${stored.run.id}/${gate.id}`) ?? gate.openedAt, saidAt);
}

import { isSettled } from '../../engine/state/is-settled.ts';
import { readResumedAt } from '../../runs/resumed-at.ts';
import type { StoredRun } from '../../runs/stored-run.ts';
import type { LookupDeps } from '../verb-deps.ts';
import { isNotAfter } from './said-after.ts';

/**
 * Whether a run was already live, or over, as it is now, when a comment was written: a delivery may
 * reach us days later, when another run works here, or the same one again.
 */
export async function stoodBefore(
  deps: LookupDeps,
  runs: readonly StoredRun[],
  saidAt: string | undefined,
): Promise<(stored: StoredRun) => boolean> {
  if (saidAt === undefined) return () => true;
  const since = new Map<string, string | null>();
  for (const stored of runs) since.set(stored.run.id, await standsSince(deps, stored));
  return ({ run }) => {
    const at = since.get(run.id) ?? null;
    return at === null || isNotAfter(at, saidAt);
  };
}

async function standsSince(deps: LookupDeps, { run, context }: StoredRun): Promise<string | null> {
  if (isSettled(run.status)) return run.settledAt;
  const resumedAt = await readResumedAt(deps.runs, run.id);
  // A start may have waited for us as long as the comments about it.
  return resumedAt ?? context.trigger.at ?? run.startedAt;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { isGitError } from '../workspace/git/git-error.ts';

const PAUSES_MS = [500, 2_000, 8_000] as const;

/** Tries again while GitHub is briefly unavailable: what an agent has made is worth a few seconds. */
export async function patiently<T>(act: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await act();
    } catch (error) {
      if (!isGitError(error, 'git-network', 'git-locked') || signal.aborted) throw error;
    }
    await sleep(pause, undefined, { signal });
  }
  return act();
}

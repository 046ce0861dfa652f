import { listRuns } from '../store/find-runs.ts';
import type { JobDeps } from './job-deps.ts';

/** Not right at startup, when every run wants its worktree. */
const FIRST_MS = 60_000;
const INTERVAL_MS = 3_600_000;
const MOST_LIVE_RUNS = 100_000;

type Sweeping = Pick<JobDeps, 'runs' | 'worktrees' | 'sessions' | 'log'>;

/**
 * Worktrees are on the disk of the machine that made them, and a run may end on another one: so
 * each process cleans up after itself. Returns a function that ends it.
 */
export function keepWorktreesSwept(deps: Sweeping): () => Promise<void> {
  const abort = new AbortController();
  let sweeping = Promise.resolve();
  const sweep = () => {
    sweeping = sweepWorktrees(deps, abort.signal).catch((error: unknown) => {
      if (!abort.signal.aborted) deps.log.warn({ err: error }, 'worktrees could not be swept');
    });
  };
  const first = setTimeout(sweep, FIRST_MS);
  const timer = setInterval(sweep, INTERVAL_MS);
  return async () => {
    clearTimeout(first);
    clearInterval(timer);
    abort.abort();
    await sweeping;
  };
}

/** Worktrees and conversations of runs that are over or unknown to this database. */
export async function sweepWorktrees(
  { runs, worktrees, sessions, log }: Sweeping,
  signal: AbortSignal,
): Promise<void> {
  const live = await listRuns(runs.db, { live: true, limit: MOST_LIVE_RUNS });
  const keep = new Set(live.map(({ id }) => id));
  sessions.keepOnly(keep);
  const removed = await worktrees.sweep(keep, signal);
  if (removed.length > 0) log.info({ removed }, 'stale worktrees removed');
}

import type { JobAttempt } from '../queue/worker.ts';
import { sweepSoon } from '../runs/sweep-soon.ts';
import { pruneAskings } from '../store/askings.ts';
import { pruneDeliveries } from '../store/deliveries.ts';
import { pruneCached } from '../store/step-cache.ts';
import type { JobDeps } from './job-deps.ts';
import { sweepWaitingStarts } from './start-waiting.ts';

const DAY_MS = 86_400_000;
const KEEP_PAYLOADS_MS = 7 * DAY_MS;
/** GitHub redelivers for days; a GUID remembered for months is never handled twice. */
const KEEP_GUIDS_MS = 90 * DAY_MS;
const KEEP_ASKINGS_MS = DAY_MS;
const KEEP_CACHE_MS = 30 * DAY_MS;

type Sweep = (deps: JobDeps, signal: AbortSignal) => Promise<unknown>;

/** Regular work of the installation: when, in UTC, and what. Without a time, only when queued. */
export const SWEEPS: Readonly<
  Record<string, { readonly cron: string | null; readonly sweep: Sweep }>
> = {
  'lost-deliveries': { cron: '*/10 * * * *', sweep: sweepLostDeliveries },
  'late-deliveries': { cron: null, sweep: sweepLostDeliveries },
  'waiting-starts': { cron: '*/10 * * * *', sweep: (deps) => sweepWaitingStarts(deps) },
  'old-deliveries': { cron: '43 3 * * *', sweep: sweepDeliveries },
  'old-askings': { cron: '48 3 * * *', sweep: sweepAskings },
  'old-cache': { cron: '53 3 * * *', sweep: sweepCache },
};

export function sweep(deps: JobDeps) {
  return async ({ data: { task }, signal }: JobAttempt<'sweep'>): Promise<void> => {
    await SWEEPS[task]?.sweep(deps, signal);
  };
}

/** Looks again soon while something is missing: people are waiting for an answer. */
async function sweepLostDeliveries(deps: JobDeps, signal: AbortSignal): Promise<void> {
  const { lookAgainAt } = await deps.redeliverLost(signal);
  if (lookAgainAt !== null) await sweepSoon(deps.runs, 'lost-deliveries', lookAgainAt);
}

async function sweepAskings(deps: JobDeps): Promise<void> {
  const before = new Date(Date.parse(deps.runs.now()) - KEEP_ASKINGS_MS).toISOString();
  await pruneAskings(deps.runs.db, before);
}

async function sweepCache(deps: JobDeps): Promise<void> {
  const before = new Date(Date.parse(deps.runs.now()) - KEEP_CACHE_MS).toISOString();
  const pruned = await pruneCached(deps.runs.db, before);
  deps.log.info({ pruned }, 'old answers of cached steps pruned');
}

async function sweepDeliveries(deps: JobDeps): Promise<void> {
  const now = Date.parse(deps.runs.now());
  const pruned = await pruneDeliveries(deps.runs.db, {
    payloads: new Date(now - KEEP_PAYLOADS_MS).toISOString(),
    rows: new Date(now - KEEP_GUIDS_MS).toISOString(),
  });
  deps.log.info({ ...pruned }, 'old deliveries pruned');
}

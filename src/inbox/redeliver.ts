import type { Logger } from 'pino';
import { findKnownGuids } from '../store/deliveries.ts';
import type { Database } from '../store/schema.ts';

export interface RedeliverDeps<Delivery extends { readonly guid: string }> {
  readonly db: Database;
  /** Deliveries since then of which GitHub saw no success, oldest first, one per GUID. */
  readonly findLost: (since: Date) => Promise<readonly Delivery[]>;
  readonly redeliver: (delivery: Delivery) => Promise<'asked' | 'gone'>;
  readonly now: () => string;
  readonly log: Logger;
}

/** GitHub keeps its log for three days. */
const LOOK_BACK_MS = 3 * 86_400_000;
/** What is refused every time, because a secret is wrong for instance, is not asked for for ever. */
const MOST_TIMES = 3;
const MOST_PER_SWEEP = 500;
const GUIDS_PER_QUERY = 1_000;

/**
 * Asks GitHub again for what never reached the inbox: it repeats nothing by itself. The inbox, not
 * GitHub's log, says what has arrived, since an answer of ours can be lost too.
 */
export function createRedeliverer<Delivery extends { readonly guid: string }>(
  deps: RedeliverDeps<Delivery>,
): (signal: AbortSignal) => Promise<number> {
  let asked = new Map<string, number>();

  return async (signal) => {
    const since = new Date(Date.parse(deps.now()) - LOOK_BACK_MS);
    const missing = await withoutKnown(deps.db, await deps.findLost(since));
    asked = new Map(missing.map(({ guid }) => [guid, asked.get(guid) ?? 0]));
    const due = missing.filter(({ guid }) => (asked.get(guid) ?? 0) < MOST_TIMES);
    let redelivered = 0;
    for (const delivery of due.slice(0, MOST_PER_SWEEP)) {
      if (signal.aborted) break;
      asked.set(delivery.guid, (asked.get(delivery.guid) ?? 0) + 1);
      if ((await deps.redeliver(delivery)) === 'asked') redelivered += 1;
    }
    if (missing.length > 0) {
      deps.log.warn({ missing: missing.length, redelivered }, 'deliveries had been lost');
    }
    return redelivered;
  };
}

async function withoutKnown<Delivery extends { readonly guid: string }>(
  db: Database,
  lost: readonly Delivery[],
): Promise<Delivery[]> {
  const missing: Delivery[] = [];
  for (let start = 0; start < lost.length; start += GUIDS_PER_QUERY) {
    const page = lost.slice(start, start + GUIDS_PER_QUERY);
    const known = await findKnownGuids(
      db,
      page.map(({ guid }) => guid.toLowerCase()),
    );
    missing.push(...page.filter(({ guid }) => !known.has(guid.toLowerCase())));
  }
  return missing;
}

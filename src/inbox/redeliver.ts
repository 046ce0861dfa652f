import type { Logger } from 'pino';
import { findKnownGuids } from '../store/deliveries.ts';
import type { Database } from '../store/schema.ts';

export interface RedeliverDeps<Delivery extends { readonly guid: string }> {
  readonly db: Database;
  /** Deliveries since then for which GitHub saw no success, oldest first, one per GUID. */
  readonly findLost: (since: Date) => Promise<readonly Delivery[]>;
  readonly redeliver: (delivery: Delivery) => Promise<'asked' | 'gone'>;
  readonly now: () => string;
  readonly log: Logger;
}

export interface Redelivery {
  /** How many redeliveries GitHub was asked for. */
  readonly asked: number;
  /** When to check whether they came; null if there is nothing left to ask for. */
  readonly lookAgainAt: string | null;
}

interface Asking {
  readonly times: number;
  /** Not to be asked for before this time; `Infinity` for never. */
  readonly due: number;
}

/** GitHub keeps its log for three days. */
const LOOK_BACK_MS = 3 * 86_400_000;
/**
 * How long to wait after each request: whatever is in front of a process that has just started may
 * not send it anything yet. What is refused every time, for instance because a secret is wrong, is
 * not asked for for ever.
 */
const PAUSES_MS = [5_000, 30_000, 180_000, 600_000, 600_000];
const MOST_PER_SWEEP = 500;
const GUIDS_PER_QUERY = 1_000;
const NEVER_ASKED: Asking = { times: 0, due: 0 };

/**
 * Asks GitHub again for what never reached the inbox, since GitHub does not retry by itself. The
 * inbox, not GitHub's log, says what has arrived, since our answer can be lost too.
 */
export function createRedeliverer<Delivery extends { readonly guid: string }>(
  deps: RedeliverDeps<Delivery>,
): (signal: AbortSignal) => Promise<Redelivery> {
  let askings = new Map<string, Asking>();

  return async (signal) => {
    const now = Date.parse(deps.now());
    const missing = await withoutKnown(deps.db, await deps.findLost(new Date(now - LOOK_BACK_MS)));
    askings = new Map(missing.map(({ guid }) => [guid, askings.get(guid) ?? NEVER_ASKED]));
    const due = missing.filter(({ guid }) => (askings.get(guid) ?? NEVER_ASKED).due <= now);
    let asked = 0;
    for (const delivery of due.slice(0, MOST_PER_SWEEP)) {
      if (signal.aborted) break;
      askings.set(delivery.guid, askedOnceMore(askings.get(delivery.guid) ?? NEVER_ASKED, now));
      if ((await deps.redeliver(delivery)) === 'asked') asked += 1;
      else askings.set(delivery.guid, { times: PAUSES_MS.length, due: Number.POSITIVE_INFINITY });
    }
    if (missing.length > 0) {
      deps.log.warn({ missing: missing.length, redelivered: asked }, 'deliveries had been lost');
    }
    return { asked, lookAgainAt: earliest(askings.values(), now) };
  };
}

function askedOnceMore({ times }: Asking, now: number): Asking {
  return { times: times + 1, due: now + (PAUSES_MS[times] ?? Number.POSITIVE_INFINITY) };
}

function earliest(askings: Iterable<Asking>, now: number): string | null {
  const due = Math.min(...[...askings].map((asking) => asking.due));
  return Number.isFinite(due) ? new Date(Math.max(due, now)).toISOString() : null;
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

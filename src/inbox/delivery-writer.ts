import { enqueueAll, type Queue, withdrawWaiting } from '../queue/queue.ts';
import { insertDeliveries, type NewDelivery } from '../store/deliveries.ts';
import type { Database } from '../store/schema.ts';

/** Resolves when the delivery is stored and its job queued, or when it was already known. */
export type WriteDelivery = (delivery: NewDelivery) => Promise<void>;

interface Waiting {
  readonly delivery: NewDelivery;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MOST_PER_TRANSACTION = 50;
const MOST_BYTES_PER_TRANSACTION = 8 * 1024 * 1024;

/**
 * Stores whatever arrives during a transaction together in the next one. A burst then costs a few
 * commits, and nobody waits for more than two.
 */
export function createDeliveryWriter(deps: { db: Database; queue: Queue }): WriteDelivery {
  const waiting: Waiting[] = [];
  let writing = false;

  async function writeAll(): Promise<void> {
    if (writing) return;
    writing = true;
    while (waiting.length > 0) await writeTogether(takeBatch(waiting));
    writing = false;
  }

  async function writeTogether(batch: readonly Waiting[]): Promise<void> {
    try {
      await store(batch.map(({ delivery }) => delivery));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      // A delivery that the database rejects must not fail its neighbours.
      if (batch.length > 1) for (const each of batch) await writeTogether([each]);
      else batch[0]?.reject(error);
    }
  }

  async function store(deliveries: readonly NewDelivery[]): Promise<void> {
    await deps.db.transaction().execute(async (trx) => {
      const added = await insertDeliveries(trx, deliveries);
      const again = [...added].flatMap(([guid, wasTried]) => (wasTried ? [guid] : []));
      for (const guid of await withdrawWaiting(deps.queue, trx, again)) added.delete(guid);
      const jobs = deliveries
        .filter(({ guid, status }) => status === 'received' && added.delete(guid))
        .map(({ guid }) => ({ name: 'handle-delivery' as const, data: { guid } }));
      await enqueueAll(deps.queue, trx, jobs);
    });
  }

  return (delivery) =>
    new Promise((resolve, reject) => {
      waiting.push({ delivery, resolve, reject });
      void writeAll();
    });
}

function takeBatch(waiting: Waiting[]): Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const { delivery } of waiting) {
    bytes += delivery.payload.length;
    if (count > 0 && (count >= MOST_PER_TRANSACTION || bytes > MOST_BYTES_PER_TRANSACTION)) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

import type { Probot } from 'probot';
import type { JobAttempt } from '../queue/worker.ts';
import { type Delivery, findDelivery, settleDelivery } from '../store/deliveries.ts';
import type { JobDeps } from './job-deps.ts';

/** Passes a stored delivery to its handlers and records how that went. */
export function handleDelivery(deps: JobDeps, probot: Probot) {
  return async ({ data: { guid } }: JobAttempt<'handle-delivery'>): Promise<void> => {
    const { runs } = deps;
    const { db } = runs;
    const delivery = await findDelivery(db, guid);
    if (delivery === undefined || delivery.payload === null || delivery.status === 'handled')
      return;
    try {
      await probot.receive(eventOf(delivery));
    } catch (error) {
      await settleDelivery(db, guid, { status: 'failed', reason: describe(error), at: runs.now() });
      throw error;
    }
    await settleDelivery(db, guid, { status: 'handled', reason: null, at: runs.now() });
    deps.log.debug({ deliveryId: guid, event: delivery.event }, 'delivery handled');
  };
}

type Event = Parameters<Probot['receive']>[0];

function eventOf({ guid, event, payload }: Delivery): Event {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- GitHub's own: signed, and of the shape its event has
  return { id: guid, name: event, payload } as Event;
}

/** Probot collects what its handlers threw. */
function describe(error: unknown): string {
  const errors = error instanceof AggregateError ? error.errors : [error];
  return errors
    .map((each) => (each instanceof Error ? each.message : String(each)))
    .join('; ')
    .slice(0, 2_000);
}

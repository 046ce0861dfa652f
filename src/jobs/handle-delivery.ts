import type { Probot } from 'probot';
import type { JobAttempt } from '../queue/worker.ts';
import { findDelivery, settleDelivery } from '../store/deliveries.ts';
import type { JobDeps } from './job-deps.ts';

/** Hands a stored delivery to its handlers and writes down how that went. */
export function handleDelivery(deps: JobDeps, probot: Probot) {
  return async ({ data: { guid } }: JobAttempt<'handle-delivery'>): Promise<void> => {
    const { db, now } = deps.runs;
    const delivery = await findDelivery(db, guid);
    if (delivery === undefined || delivery.payload === null || delivery.status === 'handled')
      return;
    try {
      // The payload is GitHub's own: signed, and of the shape its event has.
      await probot.receive({
        id: guid,
        name: delivery.event,
        payload: delivery.payload,
      } as Parameters<Probot['receive']>[0]);
    } catch (error) {
      await settleDelivery(db, guid, { status: 'failed', reason: describe(error), at: now() });
      throw error;
    }
    await settleDelivery(db, guid, { status: 'handled', reason: null, at: now() });
    deps.log.debug({ deliveryId: guid, event: delivery.event }, 'delivery handled');
  };
}

/** Probot gathers what its handlers threw. */
function describe(error: unknown): string {
  const errors = error instanceof AggregateError ? error.errors : [error];
  return errors
    .map((each) => (each instanceof Error ? each.message : String(each)))
    .join('; ')
    .slice(0, 2_000);
}

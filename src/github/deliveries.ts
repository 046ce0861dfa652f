import type { Octokit } from './client.ts';
import { orNull } from './github-error.ts';

export interface HookDelivery {
  /** Decimal digits: GitHub's numbers do not fit a JavaScript number. */
  readonly id: string;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly deliveredAt: Date;
}

const MOST_PAGES = 100;

/**
 * Deliveries since then that no attempt delivered, oldest first, each with its newest attempt.
 * Called as the app. GitHub keeps three days.
 */
export async function findLostDeliveries(app: Octokit, since: Date): Promise<HookDelivery[]> {
  const lost = new Map<string, HookDelivery>();
  const arrived = new Set<string>();
  for await (const attempt of attempts(app, since)) {
    if (attempt.status_code >= 200 && attempt.status_code < 300) arrived.add(attempt.guid);
    else if (!lost.has(attempt.guid)) lost.set(attempt.guid, deliveryOf(attempt));
  }
  return [...lost.values()].filter(({ guid }) => !arrived.has(guid)).toReversed();
}

/** Asks GitHub to send it again under its old GUID. `gone` if GitHub no longer remembers it. */
export async function redeliver(app: Octokit, delivery: HookDelivery): Promise<'asked' | 'gone'> {
  const answer = await orNull(
    app.request({
      method: 'POST',
      url: '/app/hook/deliveries/{delivery_id}/attempts',
      delivery_id: delivery.id,
      // The inbox takes each GUID once.
      request: { repeatable: true },
    }),
  );
  return answer === null ? 'gone' : 'asked';
}

interface Attempt {
  id: number;
  guid: string;
  event: string;
  action: string | null;
  delivered_at: string;
  status_code: number;
}

/** Newest first, as GitHub lists them. */
async function* attempts(app: Octokit, since: Date): AsyncGenerator<Attempt> {
  const pages = app.paginate.iterator(app.rest.apps.listWebhookDeliveries, { per_page: 100 });
  let count = 0;
  for await (const { data } of pages) {
    for (const attempt of data) {
      if (new Date(attempt.delivered_at) < since) return;
      yield attempt;
    }
    count += 1;
    if (count >= MOST_PAGES) return;
  }
}

function deliveryOf(attempt: Attempt): HookDelivery {
  return {
    id: String(attempt.id),
    guid: attempt.guid,
    event: attempt.event,
    action: attempt.action,
    deliveredAt: new Date(attempt.delivered_at),
  };
}

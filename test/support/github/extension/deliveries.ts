import { createHmac, randomUUID } from 'node:crypto';
import type { AppRow } from '../emulate/rows.ts';
import type { Context } from './context.ts';
import { DELIVERY_TIMEOUT_MS } from './limits.ts';

/** One attempt to tell an app about an event. */
export interface Delivery {
  id: number;
  /** The same for every attempt of one delivery. */
  guid: string;
  appId: number;
  event: string;
  action: string | null;
  deliveredAt: number;
  redelivery: boolean;
  /** `OK`, or why it failed; empty while it is under way. */
  status: string;
  statusCode: number;
  durationMs: number;
  payload: Record<string, unknown>;
}

export class DeliveryLog {
  readonly attempts: Delivery[] = [];
  /** Events stay on their way and do not arrive. */
  isHoldingBack = false;
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  send(app: AppRow, event: string, payload: Record<string, unknown>): Promise<Delivery> {
    return this.#attempt(app, { guid: randomUUID(), event, payload, redelivery: false });
  }

  /** A further attempt with the GUID of the original, as GitHub does it. */
  async redeliver(original: Delivery): Promise<Delivery> {
    const app = this.#context.app(original.appId);
    if (app === undefined) throw new Error(`no app ${original.appId}`);
    const { guid, event, payload } = original;
    return this.#attempt(app, { guid, event, payload, redelivery: true });
  }

  async #attempt(
    app: AppRow,
    what: Pick<Delivery, 'guid' | 'event' | 'payload' | 'redelivery'>,
  ): Promise<Delivery> {
    const action = what.payload['action'];
    const attempt: Delivery = {
      ...what,
      id: this.attempts.length + 1,
      appId: app.app_id,
      action: typeof action === 'string' ? action : null,
      deliveredAt: this.#context.clock.now(),
      status: '',
      statusCode: 0,
      durationMs: 0,
    };
    this.attempts.push(attempt);
    if (this.isHoldingBack) return attempt;
    const started = performance.now();
    Object.assign(attempt, await post(app, attempt));
    attempt.durationMs = performance.now() - started;
    return attempt;
  }
}

async function post(app: AppRow, attempt: Delivery) {
  if (app.webhook_url === null) return { status: 'failed to connect to host', statusCode: 502 };
  const body = JSON.stringify(attempt.payload);
  try {
    const response = await fetch(app.webhook_url, {
      method: 'POST',
      body,
      headers: headersOf(app, attempt, body),
      signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    const status = response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`;
    return { status, statusCode: response.status };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return timedOut
      ? { status: 'timed out', statusCode: 504 }
      : { status: 'failed to connect to host', statusCode: 502 };
  }
}

function headersOf(app: AppRow, attempt: Delivery, body: string): Record<string, string> {
  const sign = (algorithm: string) =>
    `${algorithm}=${createHmac(algorithm, app.webhook_secret ?? '')
      .update(body)
      .digest('hex')}`;
  return {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/local',
    'x-github-event': attempt.event,
    'x-github-delivery': attempt.guid,
    'x-github-hook-id': String(app.id),
    'x-github-hook-installation-target-id': String(app.app_id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': sign('sha1'),
    'x-hub-signature-256': sign('sha256'),
  };
}

import type { IncomingHttpHeaders } from 'node:http';
import { isRecord } from '../is-record.ts';
import type { NewDelivery } from '../store/deliveries.ts';

export interface DeliveryHeaders {
  readonly guid: string;
  readonly event: string;
  readonly signature: string | null;
}

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const EVENT = /^[a-z][a-z0-9_]{0,63}$/;

/** GitHub's headers, or what is wrong with them. */
export function readHeaders(headers: IncomingHttpHeaders): DeliveryHeaders | string {
  const guid = headers['x-github-delivery'];
  if (typeof guid !== 'string' || !GUID.test(guid)) return 'X-GitHub-Delivery is no GUID.';
  const event = headers['x-github-event'];
  if (typeof event !== 'string' || !EVENT.test(event)) return 'X-GitHub-Event names no event.';
  const signature = headers['x-hub-signature-256'];
  return {
    guid: guid.toLowerCase(),
    event,
    signature: typeof signature === 'string' && signature !== '' ? signature : null,
  };
}

/** The row for a verified body, or null if it is not a JSON object. */
export function deliveryFrom(
  { guid, event }: DeliveryHeaders,
  body: string,
  receivedAt: string,
  isHandled: boolean,
): NewDelivery | null {
  const payload = parseObject(body);
  if (payload === null) return null;
  return {
    guid,
    event,
    action: typeof payload['action'] === 'string' ? payload['action'] : null,
    installationId: idOf(payload['installation']),
    repositoryId: idOf(payload['repository']),
    payload: body,
    receivedAt,
    ...(isHandled
      ? { status: 'received', reason: null }
      : { status: 'ignored', reason: 'no handler for this event' }),
  };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function idOf(value: unknown): number | null {
  const id = isRecord(value) ? value['id'] : null;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : null;
}

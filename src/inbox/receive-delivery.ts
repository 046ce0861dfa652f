import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Queue } from '../queue/queue.ts';
import type { Database } from '../store/schema.ts';
import { deliveryFrom, readHeaders } from './delivery-from-request.ts';
import { createDeliveryWriter } from './delivery-writer.ts';
import { readBody } from './read-body.ts';
import { signatureCheck } from './signature.ts';

export interface ReceiveDeps {
  readonly database: { readonly db: Database };
  readonly queue: Queue;
  readonly log: Logger;
  /** Where GitHub posts to. */
  readonly path: string;
  readonly secrets: readonly string[];
  /** Events nobody handles are stored and left alone; if absent, all are handled. */
  readonly handles?: (event: string) => boolean;
}

/** Answers a request for the webhook path; false if it is for something else. */
export type ReceiveDelivery = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<boolean>;

interface Answer {
  readonly status: 202 | 400 | 401 | 405 | 408 | 413 | 503;
  /** For whoever looks at the failed delivery on GitHub. */
  readonly text: string;
}

/** GitHub delivers nothing larger. */
const MAX_BYTES = 25 * 1024 * 1024;
/** GitHub hangs up after ten seconds, and sends the body together with the headers. */
const BODY_TIMEOUT_MS = 15_000;
const BODY_START_MS = 3_000;
/** Bodies are held before their signature can be checked, so strangers could fill the memory. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;

/** Reserves room for part of a body; false if there is none. */
type Reserve = (bytes: number) => boolean;

const ACCEPTED: Answer = { status: 202, text: 'Accepted.' };

/** Takes in a delivery: verified, stored by its GUID, queued, and only then answered. */
export function receiveDelivery(deps: ReceiveDeps): ReceiveDelivery {
  const isSigned = signatureCheck(deps.secrets);
  const write = createDeliveryWriter({ db: deps.database.db, queue: deps.queue });
  let heldBytes = 0;

  async function take(request: IncomingMessage, reserve: Reserve): Promise<Answer> {
    if (request.method !== 'POST') return { status: 405, text: 'Webhooks are posted.' };
    const headers = readHeaders(request.headers);
    if (typeof headers === 'string') return { status: 400, text: headers };
    if (headers.signature === null) return unsigned();
    const body = await readBody(request, {
      maxBytes: MAX_BYTES,
      startMs: BODY_START_MS,
      timeoutMs: BODY_TIMEOUT_MS,
      reserve,
    });
    if (body.status === 'too-large') return { status: 413, text: 'Larger than 25 MB.' };
    if (body.status === 'no-room') return { status: 503, text: 'Too much at once.' };
    if (body.status !== 'read') return { status: 408, text: 'The body did not arrive.' };
    if (!(await isSigned(body.text, headers.signature))) return unsigned();
    const isHandled = deps.handles?.(headers.event) ?? true;
    const delivery = deliveryFrom(headers, body.text, new Date().toISOString(), isHandled);
    if (delivery === null) {
      return { status: 400, text: 'No JSON object; the content type has to be application/json.' };
    }
    await write(delivery);
    return ACCEPTED;
  }

  async function takeSafely(request: IncomingMessage): Promise<Answer> {
    let bytes = 0;
    // An announced length costs its sender nothing, so only what has arrived counts.
    const reserve = (more: number) => {
      if (heldBytes + more > MAX_HELD_BYTES) return false;
      bytes += more;
      heldBytes += more;
      return true;
    };
    try {
      return await take(request, reserve);
    } catch (error) {
      deps.log.error({ err: error, ...idsOf(request) }, 'a delivery could not be stored');
      return { status: 503, text: 'The delivery could not be stored. Redeliver it later.' };
    } finally {
      heldBytes -= bytes;
    }
  }

  return async (request, response) => {
    if (request.url?.split('?')[0] !== deps.path) return false;
    const answer = await takeSafely(request);
    if (answer.status !== 202) {
      deps.log.warn({ ...idsOf(request), status: answer.status, reason: answer.text }, 'refused');
    }
    send(request, response, answer);
    return true;
  };
}

function unsigned(): Answer {
  return { status: 401, text: 'The signature does not match the webhook secret.' };
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  response.writeHead(answer.status, {
    'content-type': 'text/plain; charset=utf-8',
    ...(answer.status === 405 && { allow: 'POST' }),
    // The rest of an unread body would be taken for the next request.
    ...(!request.complete && { connection: 'close' }),
  });
  response.end(`${answer.text}\n`);
}

function idsOf({ headers }: IncomingMessage): Record<string, unknown> {
  return {
    delivery: String(headers['x-github-delivery'] ?? '').slice(0, 64),
    event: String(headers['x-github-event'] ?? '').slice(0, 64),
  };
}

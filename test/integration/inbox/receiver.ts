import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { sign } from '@octokit/webhooks-methods';
import { type ReceiveDeps, receiveDelivery } from '#src/inbox/receive-delivery.ts';
import { silent } from '#test/support/database.ts';

export const SECRET = 'the webhook secret';
export const PATH = '/api/github/webhooks';

export interface Receiver {
  readonly url: string;
  close(): Promise<void>;
}

/** The inbox behind a real HTTP server, the way the application mounts it. */
export async function startReceiver(
  deps: Pick<ReceiveDeps, 'database' | 'queue'> & Partial<ReceiveDeps>,
): Promise<Receiver> {
  const receive = receiveDelivery({ log: silent, path: PATH, secrets: [SECRET], ...deps });
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (!(await receive(request, response))) response.writeHead(404).end();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${PATH}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export interface Delivery {
  readonly guid?: string | null;
  readonly event?: string | null;
  readonly body?: string;
  /** Null: none; absent: the right one. */
  readonly signature?: string | null;
  readonly secret?: string;
  readonly method?: string;
}

export const BODY = JSON.stringify({
  action: 'labeled',
  installation: { id: 11 },
  repository: { id: 22 },
});

/** Posts a delivery as GitHub does and returns the status of the answer. */
export async function deliver(receiver: Receiver, delivery: Delivery = {}): Promise<number> {
  const { body = BODY, secret = SECRET, method = 'POST' } = delivery;
  const headers = {
    'content-type': 'application/json',
    ...header('x-github-delivery', delivery.guid, randomUUID()),
    ...header('x-github-event', delivery.event, 'issues'),
    ...header('x-hub-signature-256', delivery.signature, body && (await sign(secret, body))),
  };
  const response = await fetch(receiver.url, {
    method,
    headers,
    ...(method === 'POST' && { body }),
  });
  await response.text();
  return response.status;
}

/** Sends so many bytes without saying before how many there will be. */
export async function pour(receiver: Receiver, bytes: number): Promise<number> {
  const request = httpRequest(receiver.url, {
    method: 'POST',
    headers: {
      'x-github-delivery': randomUUID(),
      'x-github-event': 'issues',
      'x-hub-signature-256': 'sha256=0',
    },
  });
  const answered = once(request, 'response');
  request.on('error', () => undefined);
  const chunk = Buffer.alloc(1024 * 1024, ' ');
  for (let sent = 0; sent < bytes && !request.destroyed; sent += chunk.length) {
    if (!request.write(chunk)) await Promise.race([once(request, 'drain'), answered]);
  }
  request.end();
  const [response] = await answered;
  request.destroy();
  return response.statusCode;
}

/** Announces so many bytes; whether they follow is the caller's business. */
export async function announce(receiver: Receiver, length: number): Promise<ClientRequest> {
  const request = httpRequest(receiver.url, {
    method: 'POST',
    agent: false,
    headers: {
      'x-github-delivery': randomUUID(),
      'x-github-event': 'issues',
      'x-hub-signature-256': 'sha256=0',
      'content-length': length,
    },
  });
  request.on('error', () => undefined);
  request.flushHeaders();
  const [socket] = await once(request, 'socket');
  if (socket.connecting) await once(socket, 'connect');
  return request;
}

function header(name: string, given: string | null | undefined, otherwise: string) {
  return given === null ? {} : { [name]: given ?? otherwise };
}

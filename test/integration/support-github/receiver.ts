import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  event: string;
  headers: Record<string, string | string[] | undefined>;
  raw: string;
  payload: Record<string, unknown>;
}

/** An app that only listens. It answers what `status` says at the time. */
export async function startReceiver() {
  const received: Received[] = [];
  const state = { status: 202 };
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      const event = String(incoming.headers['x-github-event']);
      const payload = JSON.parse(raw) as Record<string, unknown>;
      received.push({ event, headers: incoming.headers, raw, payload });
      outgoing.writeHead(state.status).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    state,
    received,
    /** `issues.opened`, `push`, in the order of arrival. */
    names: () =>
      received.map(({ event, payload }) =>
        typeof payload['action'] === 'string' ? `${event}.${payload['action']}` : event,
      ),
    find: (name: string) =>
      received.find(({ event, payload }) => {
        const [wanted, action] = name.split('.');
        return event === wanted && (action === undefined || payload['action'] === action);
      })?.payload as never,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

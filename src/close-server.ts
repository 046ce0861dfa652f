import { once } from 'node:events';
import type { Server } from 'node:http';

/** Answers in progress need less; a silent connection would never end by itself. */
const GRACE_MS = 2_000;

/** Stops listening at once, and ends what is still connected a moment later. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const cutting = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(cutting);
}

import assert from 'node:assert/strict';
import type { Server } from 'node:net';

/** The port a listening server got, even if it asked for any. */
export function portOf(server: Server): number {
  const address = server.address();
  assert(typeof address === 'object' && address !== null, 'a listening server has a port');
  return address.port;
}

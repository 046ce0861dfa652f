import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { findPublicAddress } from './public-address.ts';

const CONNECT_TIMEOUT_MS = 30_000;
const TARGET = /^\[?([\w.:-]+?)\]?:(\d{1,5})$/;

/** Serves one CONNECT request of a sandboxed agent that may use the network: HTTPS to public hosts only. */
export async function openTunnel(target: string, socket: Duplex, head: Buffer): Promise<void> {
  socket.on('error', () => socket.destroy());
  const [, host, port] = TARGET.exec(target) ?? [];
  if (host === undefined || port !== '443') return refuse(socket, '403 Forbidden');

  // The connection goes to the very address that was checked; the name is not resolved again.
  const address = await findPublicAddress(host);
  if (address === undefined) return refuse(socket, '403 Forbidden');

  const remote = connect({ host: address, port: 443, timeout: CONNECT_TIMEOUT_MS });
  remote.once('timeout', () => remote.destroy());
  remote.once('error', () => refuse(socket, '502 Bad Gateway'));
  remote.once('connect', () => {
    remote.setTimeout(0);
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    remote.write(head);
    socket.pipe(remote).pipe(socket);
  });
  socket.once('close', () => remote.destroy());
  remote.once('close', () => socket.destroy());
}

function refuse(socket: Duplex, status: string): void {
  if (!socket.destroyed && socket.writable)
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`);
}

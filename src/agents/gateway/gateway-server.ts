import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerToolRequest, type ToolServer } from '../session/tool-server.ts';
import { forwardModelCall, isModelPath, type LlmStep, type LlmUpstream } from './llm-gateway.ts';
import { openTunnel } from './open-tunnel.ts';

/** What the gateway serves during one step. */
interface GatewayStep extends LlmStep {
  toolServer: ToolServer;
}

export interface GatewayOptions {
  /** A socket file for a sandboxed agent; without one the gateway listens on a loopback port. */
  socketPath?: string;
  llm?: LlmUpstream;
  /** Tunnels HTTPS to public hosts. */
  network: boolean;
}

export interface Gateway {
  /** Undefined when it listens on a socket file. */
  readonly port: number | undefined;
  /** Serves this step from now on; undefined refuses everything. */
  serve(step: GatewayStep | undefined): void;
  close(): Promise<void>;
}

/** Opens an agent process's one door: model calls, the engine's tools and, if allowed, the network. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  let current: GatewayStep | undefined;
  const server = createServer((incoming, outgoing) => {
    outgoing.on('error', () => outgoing.destroy());
    route(options, current, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.on('connect', (incoming, socket, head) => {
    if (current === undefined || !options.network) socket.destroy();
    else openTunnel(incoming.url ?? '', socket, head).catch(() => socket.destroy());
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // Model calls may take long; the step has its own limits.
  Object.assign(server, { requestTimeout: 0, timeout: 0 });
  await listen(server, options.socketPath);
  return {
    port: portOf(server),
    serve(step) {
      current = step;
    },
    close: () => close(server, sockets, options.socketPath),
  };
}

async function route(
  options: GatewayOptions,
  step: GatewayStep | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const path = URL.canParse(incoming.url ?? '', 'http://gateway')
    ? new URL(incoming.url ?? '', 'http://gateway').pathname
    : '';
  if (path === '/mcp') {
    step?.onActivity();
    return answerToolRequest(step?.toolServer, incoming, outgoing);
  }
  if (options.llm !== undefined && isModelPath(path)) {
    return forwardModelCall(options.llm, step, incoming, outgoing);
  }
  outgoing.writeHead(404, { connection: 'close' }).end();
}

async function listen(server: Server, socketPath: string | undefined): Promise<void> {
  if (socketPath === undefined) server.listen(0, '127.0.0.1');
  else server.listen(socketPath);
  await once(server, 'listening');
}

function portOf(server: Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : undefined;
}

async function close(
  server: Server,
  sockets: ReadonlySet<Socket>,
  socketPath: string | undefined,
): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
  if (socketPath !== undefined) await rm(socketPath, { force: true });
}

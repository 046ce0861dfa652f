import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  method: string;
  url: URL;
  headers: Headers;
  body: Buffer;
  incoming: IncomingMessage;
  outgoing: ServerResponse;
}

const MAX_REQUEST_BYTES = 256 * 1024 * 1024;

/** Listens on a free port of the loopback interface; the handler may be set later. */
export class HttpServer {
  readonly url: string;
  handler: (exchange: Exchange) => Promise<void> = async ({ outgoing }) => {
    outgoing.writeHead(503).end();
  };
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  static async listen(port: number): Promise<HttpServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    const self = new HttpServer(server);
    server.on('request', (incoming, outgoing) => {
      void self.#serve(incoming, outgoing);
    });
    return self;
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const body = await readAll(incoming);
      const { method = 'GET' } = incoming;
      const url = new URL(incoming.url ?? '/', this.url);
      const headers = headersOf(incoming);
      await this.handler({ method, url, headers, body, incoming, outgoing });
    } catch (error) {
      if (incoming.destroyed || outgoing.destroyed) return;
      if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'text/plain' });
      outgoing.end(error instanceof Error ? error.stack : String(error));
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) throw new Error('request too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const each of [value ?? []].flat()) headers.append(name, each);
  }
  return headers;
}

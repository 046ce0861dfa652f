import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';

export interface LlmReply {
  status?: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON; a list of texts is sent as server-sent events, one after the other. */
  body?: unknown;
}

interface SeenCall {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface FakeLlm {
  readonly url: string;
  /** Every call that came through, oldest first. */
  readonly calls: readonly SeenCall[];
  close(): Promise<void>;
}

/** An answer of the Anthropic kind. */
export const HELLO = {
  type: 'message',
  model: 'fake-1',
  content: [{ type: 'text', text: 'hello' }],
  usage: { input_tokens: 100, output_tokens: 20 },
};

/** A reply, or what decides about it. */
export type LlmScript = LlmReply | ((call: SeenCall) => LlmReply);

/** A model's server on loopback that gives these replies in order, and the last one for ever. */
export async function startFakeLlm(...replies: LlmScript[]): Promise<FakeLlm> {
  const calls: SeenCall[] = [];
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = '', url: path = '', headers } = incoming;
    const call = { method, path, headers, body: await readBody(incoming) };
    const script = replies[Math.min(calls.length, replies.length - 1)] ?? {};
    calls.push(call);
    send(typeof script === 'function' ? script(call) : script, outgoing);
  };
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(
  { status = 200, headers = {}, body = HELLO }: LlmReply,
  outgoing: ServerResponse,
): void {
  const type = Array.isArray(body) ? 'text/event-stream' : 'application/json';
  outgoing.writeHead(status, { 'content-type': type, ...headers });
  if (!Array.isArray(body)) {
    outgoing.end(JSON.stringify(body));
    return;
  }
  for (const event of body as string[]) outgoing.write(event);
  outgoing.end();
}

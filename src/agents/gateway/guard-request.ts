import type { IncomingMessage } from 'node:http';
import { isRecord } from '../../is-record.ts';
import { asksForRemoteContent } from './remote-content.ts';
import { isSearchingModel, withoutServerTools } from './server-tools.ts';

/** The largest known request is 32 MB, with pictures in it. */
const MAX_BODY = 64 * 1024 * 1024;

export type Guarded =
  | { readonly body: Buffer; readonly removed: readonly string[] }
  | {
      readonly refusal: { readonly status: number; readonly message: string };
      /** A call only for one of the server's tools, which the agent can do without. */
      readonly isSideCall: boolean;
    };

/**
 * Reads a model request and leaves in it only what the model can do without its server's network.
 * What is forwarded is rewritten from what was checked, so that nobody can read it differently.
 */
export async function guardRequest(incoming: IncomingMessage, path: string): Promise<Guarded> {
  const { 'content-encoding': encoding = 'identity' } = incoming.headers;
  if (encoding !== 'identity') return refusal(415, 'compressed requests are not taken');
  const text = await readBody(incoming);
  if (text === undefined) return refusal(413, 'the request is too large');
  const request = parse(text);
  if (request === undefined) return refusal(400, 'the request is not a JSON object');
  if (isSearchingModel(modelOf(request, path))) {
    return refusal(400, 'models that search the web are not available to this agent');
  }
  if (asksForRemoteContent(request)) {
    return refusal(400, 'content by address is not available to this agent: send the content');
  }
  const { body, removed, isPointless } = withoutServerTools(request);
  if (isPointless) {
    const message = `the server's own tools are not available to this agent: ${removed.join(', ')}`;
    return { ...refusal(400, message), isSideCall: true };
  }
  return { body: Buffer.from(JSON.stringify(body)), removed };
}

function refusal(status: number, message: string) {
  return { refusal: { status, message }, isSideCall: false };
}

async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined; // Said by the refusal.
  }
}

/** In the body, or in the path if that is where the API has it. */
function modelOf(request: Record<string, unknown>, path: string): string {
  const { model } = request;
  return `${path.split(':')[0] ?? ''} ${typeof model === 'string' ? model : ''}`.trim();
}

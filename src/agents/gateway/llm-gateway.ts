import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { guardRequest } from './guard-request.ts';
import { readRefusal, UNREACHABLE } from './llm-failure.ts';
import type { LlmLedger } from './llm-ledger.ts';
import { LlmUsageReader } from './llm-usage.ts';
import { isSameSecret } from './same-secret.ts';

export interface LlmUpstream {
  upstream: string;
  /** The real key. It never enters the sandbox. */
  key?: string;
  /** What the agent shows instead; it grants access to this gateway and to nothing else. */
  placeholder: string;
  /** Lets the model's server search, fetch and run code for the agent, on its own network. */
  serverTools: boolean;
}

export interface LlmStep {
  ledger: LlmLedger;
  signal: AbortSignal;
  onActivity(): void;
  onCall(status: number): void;
  /** Called when the model does without these tools of its server. */
  onWithheld(tools: readonly string[]): void;
}

const MODEL_PATHS =
  /^\/(?:v\d+(?:alpha|beta)?\d*\/)?(?:messages|messages\/count_tokens|chat\/completions|responses|responses\/compact|models|models\/[\w.-]+(?::(?:generateContent|streamGenerateContent|countTokens))?)$/;
/** The calls that carry the step's answer. Counting tokens and listing models may fail without harm. */
const GENERATING_PATHS = /(?:messages|chat\/completions|responses|[gG]enerateContent)$/;
const KEY_HEADERS = ['authorization', 'x-api-key', 'x-goog-api-key'] as const;
const DROPPED_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'cookie',
  'set-cookie',
  'accept-encoding',
  'forwarded',
  'x-forwarded-for',
]);
const MAX_ERROR_BODY = 64 * 1024;
const plainAgent = new Agent({ keepAlive: true });
const tlsAgent = new HttpsAgent({ keepAlive: true });

export function isModelPath(path: string): boolean {
  return MODEL_PATHS.test(path);
}

/** Takes one model call to the upstream with the real key and records the result. */
export async function forwardModelCall(
  to: LlmUpstream,
  step: LlmStep | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (!showsPlaceholder(incoming, to.placeholder)) return refuse(outgoing, 401, 'no entry');
  const path = new URL(incoming.url ?? '/', 'http://gateway').pathname;
  const isGenerating = incoming.method === 'POST' && GENERATING_PATHS.test(path);
  const guarded = to.serverTools || hasNoBody(incoming) ? null : await guardRequest(incoming, path);
  const isSideCall = guarded !== null && 'refusal' in guarded && guarded.isSideCall;
  const order = isGenerating && !isSideCall ? step?.ledger.begin() : 0;
  // Neutral words: told about limits, some agents would wait and try again.
  if (step === undefined || order === undefined) return refuse(outgoing, 400, 'the step is over');

  step.onActivity();
  if (guarded !== null && 'refusal' in guarded) {
    const { status, message } = guarded.refusal;
    if (isGenerating && !isSideCall) step.ledger.fail(order, { status, message, byGateway: true });
    step.onCall(status);
    return refuse(outgoing, status, message);
  }
  if (guarded !== null && guarded.removed.length > 0) step.onWithheld(guarded.removed);
  const call = { incoming, body: guarded?.body };
  const answer = await callUpstream(to, step, call, outgoing).catch((error: unknown) =>
    asError(error),
  );
  if (answer instanceof Error) {
    if (!step.signal.aborted && !outgoing.destroyed) {
      if (isGenerating) step.ledger.fail(order, { status: UNREACHABLE, message: codeOf(answer) });
      step.onCall(502);
    }
    return refuse(outgoing, 502, 'the model cannot be reached');
  }
  const status = answer.statusCode ?? 502;
  const ending = await passOn(answer, outgoing, step);
  step.onCall(status);
  if (!isGenerating || step.signal.aborted) return;
  if (status < 300 && ending.complete) step.ledger.succeed(order, ending.reader.finish());
  else if (status < 300) settleTorn(step, order, ending, outgoing);
  else step.ledger.fail(order, readRefusal(answer, ending.head.toString('utf8'), to.key));
}

interface Ending {
  complete: boolean;
  head: Buffer;
  reader: LlmUsageReader;
}

/** An answer cut off by the agent is its choice and still costs tokens; cut off upstream, it failed. */
function settleTorn(step: LlmStep, order: number, ending: Ending, outgoing: ServerResponse): void {
  if (outgoing.errored !== null || outgoing.destroyed) {
    step.ledger.succeed(order, ending.reader.finish());
  } else {
    step.ledger.fail(order, { status: UNREACHABLE, message: 'the answer broke off' });
  }
}

function callUpstream(
  to: LlmUpstream,
  step: LlmStep,
  { incoming, body }: { incoming: IncomingMessage; body: Buffer | undefined },
  outgoing: ServerResponse,
): Promise<IncomingMessage> {
  const url = upstreamUrl(to.upstream, incoming.url ?? '/');
  const isTls = url.protocol === 'https:';
  const options: RequestOptions = {
    method: incoming.method ?? 'GET',
    headers: {
      ...upstreamHeaders(incoming, to.key),
      ...(body !== undefined && { 'content-length': body.length }),
    },
    agent: isTls ? tlsAgent : plainAgent,
    signal: step.signal,
  };
  return new Promise((resolve, reject) => {
    const call = (isTls ? httpsRequest : httpRequest)(url, options, resolve);
    call.on('error', reject);
    // The agent has hung up: nobody is waiting for this answer any more.
    outgoing.once('close', () => call.destroy());
    if (body === undefined) incoming.pipe(call);
    else call.end(body);
  });
}

/** Streams the answer to the agent; keeps its beginning for error texts and its token counts. */
function passOn(answer: IncomingMessage, outgoing: ServerResponse, step: LlmStep): Promise<Ending> {
  const reader = new LlmUsageReader(answer.headers['content-type'] ?? '');
  const head: Buffer[] = [];
  let headSize = 0;
  outgoing.writeHead(answer.statusCode ?? 502, withoutDropped(answer.headers));
  return new Promise((resolve) => {
    answer.on('data', (chunk: Buffer) => {
      step.onActivity();
      reader.add(chunk);
      if (headSize < MAX_ERROR_BODY) headSize += head.push(chunk) && chunk.length;
    });
    answer.on('error', () => outgoing.destroy());
    answer.once('close', () =>
      resolve({ complete: answer.complete, head: Buffer.concat(head), reader }),
    );
    outgoing.once('close', () => answer.destroy());
    answer.pipe(outgoing);
  });
}

function hasNoBody({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

function showsPlaceholder(incoming: IncomingMessage, placeholder: string): boolean {
  return KEY_HEADERS.some((name) => {
    const value = incoming.headers[name];
    return typeof value === 'string' && isSameSecret(value.replace(/^Bearer /i, ''), placeholder);
  });
}

/** The configured upstream is a prefix; nothing the agent sends can lead to another host. */
function upstreamUrl(upstream: string, requested: string): URL {
  const { pathname, searchParams } = new URL(requested, 'http://gateway');
  const url = new URL(upstream);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${pathname}`;
  searchParams.delete('key');
  url.search = searchParams.toString();
  return url;
}

function upstreamHeaders(incoming: IncomingMessage, key: string | undefined): OutgoingHttpHeaders {
  const headers = withoutDropped(incoming.headers);
  // The counts are read from the answer, so it must come uncompressed.
  headers['accept-encoding'] = 'identity';
  for (const name of KEY_HEADERS) {
    if (headers[name] === undefined) continue;
    delete headers[name];
    if (key !== undefined) headers[name] = name === 'authorization' ? `Bearer ${key}` : key;
  }
  return headers;
}

function withoutDropped(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  const entries = Object.entries(headers).filter(([name]) => !DROPPED_HEADERS.has(name));
  return Object.fromEntries(entries);
}

function refuse(outgoing: ServerResponse, status: number, message: string): void {
  if (outgoing.headersSent || outgoing.destroyed) return;
  const body = { type: 'error', error: { type: 'invalid_request_error', message } };
  outgoing.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  outgoing.end(JSON.stringify(body));
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

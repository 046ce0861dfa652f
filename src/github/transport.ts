import { AppError } from '../errors.ts';

export type Fetch = typeof globalThis.fetch;

/** No complete answer came. `sent` is false only if the request cannot have reached GitHub. */
export class TransportError extends AppError {
  readonly reason: 'timeout' | 'network' | 'too-large';
  readonly sent: boolean;

  constructor(reason: TransportError['reason'], sent: boolean, cause?: unknown) {
    super(`transport-${reason}`, `no complete answer: ${reason}`, { cause });
    this.reason = reason;
    this.sent = sent;
  }
}

/**
 * A fetch that ends within `timeoutMs`, body included, and whose body is complete. Octokit itself
 * waits for ever, and takes a body that broke off midway for an empty one.
 */
export function boundedFetch(fetch: Fetch, timeoutMs: number, maxBytes: number): Fetch {
  return async (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([timeout, init.signal]) : timeout;
    try {
      const response = await fetch(input, { ...init, signal });
      return await withWholeBody(response, maxBytes);
    } catch (error) {
      if (init?.signal?.aborted === true || error instanceof TransportError) throw error;
      const reason = timeout.aborted ? 'timeout' : 'network';
      throw new TransportError(reason, !isUnsent(error), error);
    }
  };
}

async function withWholeBody(response: Response, maxBytes: number): Promise<Response> {
  const body = response.body === null ? null : await readAll(response.body, maxBytes);
  const { status, statusText, headers } = response;
  const whole = new Response(body?.byteLength === 0 ? null : body, { status, statusText, headers });
  Object.defineProperty(whole, 'url', { value: response.url });
  return whole;
}

async function readAll(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new TransportError('too-large', true);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function isUnsent(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && BEFORE_SENDING.has(String(cause.code))) return true;
  }
  return false;
}

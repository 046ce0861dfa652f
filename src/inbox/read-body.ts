import type { IncomingMessage } from 'node:http';

export interface BodyLimits {
  readonly maxBytes: number;
  /** Limit until the first bytes arrive. */
  readonly startMs: number;
  /** Limit until all have arrived. */
  readonly timeoutMs: number;
  /** Called before this many more bytes are held; false if there is no room for them. */
  readonly reserve: (bytes: number) => boolean;
}

export type Body =
  | { readonly status: 'read'; readonly text: string }
  | { readonly status: 'too-large' | 'too-slow' | 'no-room' | 'aborted' };

/** Reads a request's body, within the size limits and time-outs. */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) {
    return { status: 'too-large' };
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (body: Body) => {
      clearTimeout(starting);
      clearTimeout(timer);
      request.off('data', onData);
      request.pause();
      resolve(body);
    };
    const onData = (chunk: Buffer) => {
      clearTimeout(starting);
      size += chunk.length;
      if (size > limits.maxBytes) end({ status: 'too-large' });
      else if (!limits.reserve(chunk.length)) end({ status: 'no-room' });
      else chunks.push(chunk);
    };
    const starting = setTimeout(end, limits.startMs, { status: 'too-slow' });
    const timer = setTimeout(end, limits.timeoutMs, { status: 'too-slow' });
    request.on('data', onData);
    request.once('end', () => end({ status: 'read', text: Buffer.concat(chunks).toString() }));
    request.once('error', () => end({ status: 'aborted' }));
    request.once('close', () => end({ status: 'aborted' }));
  });
}

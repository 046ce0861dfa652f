import type { IncomingMessage } from 'node:http';

export interface BodyLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

export type Body =
  | { readonly status: 'read'; readonly text: string }
  | { readonly status: 'too-large' | 'too-slow' | 'aborted' };

/** Reads a request's body, never more of it than the limit and never for longer than the time-out. */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) {
    return { status: 'too-large' };
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (body: Body) => {
      clearTimeout(timer);
      request.off('data', onData);
      request.pause();
      resolve(body);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.maxBytes) end({ status: 'too-large' });
      else chunks.push(chunk);
    };
    const timer = setTimeout(end, limits.timeoutMs, { status: 'too-slow' });
    request.on('data', onData);
    request.once('end', () => end({ status: 'read', text: Buffer.concat(chunks).toString() }));
    request.once('error', () => end({ status: 'aborted' }));
    request.once('close', () => end({ status: 'aborted' }));
  });
}

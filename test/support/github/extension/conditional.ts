import { createHash } from 'node:crypto';
import type { Handler } from './http.ts';

/** ETags, 304, and a charset on raw contents, without which clients take text for bytes. */
export const conditional: Handler = async (request, next) => {
  const answer = await next(request);
  if (/vnd\.github(\.\w+)?\.raw/.test(request.headers.get('accept') ?? '')) {
    if (answer.status !== 200 || !(answer.body instanceof Uint8Array)) return answer;
    const type = 'application/vnd.github.raw+json; charset=utf-8';
    return { ...answer, headers: { ...answer.headers, 'content-type': type } };
  }
  if (request.method !== 'GET' || answer.status !== 200 || answer.body === undefined) return answer;
  const digest = createHash('sha256').update(JSON.stringify(answer.body)).digest('hex');
  const etag = `W/"${digest}"`;
  const headers = { ...answer.headers, etag };
  const known = request.headers.get('if-none-match') === etag;
  return known ? { status: 304, headers, body: undefined } : { ...answer, headers };
};

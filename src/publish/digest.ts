import { createHash } from 'node:crypto';
/** Shows whether something has changed since it was posted. */
export function digestOf(shown: unknown): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex');
}

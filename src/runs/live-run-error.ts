import { LiveRunError } from '../store/runs.ts';

/** A run cannot be resumed while a newer one of its workflow is live on the same subject. */
export function isLiveRunError(error: unknown): boolean {
  return error instanceof LiveRunError;
}

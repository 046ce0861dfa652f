import type { NodeState } from './run.ts';

/** How often its work was tried in this visit, not counting preflight checks. */
export function attemptsOf({ attempt, looks }: NodeState): number {
  return attempt - looks;
}

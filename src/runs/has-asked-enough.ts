import { countAsking } from '../store/askings.ts';
import type { RunDeps } from './run-deps.ts';

/** Answers per hour for somebody without a role in the repository. */
export const ANSWERS_PER_HOUR = 5;

const HOUR_MS = 3_600_000;

/** Whether somebody has used up their answers for this hour. The same command counts once. */
export async function hasAskedEnough(
  deps: RunDeps,
  who: { readonly key: string; readonly repositoryId: number; readonly login: string },
): Promise<boolean> {
  const asking = { ...who, at: deps.now() };
  return (await countAsking(deps.db, asking, HOUR_MS)) > ANSWERS_PER_HOUR;
}

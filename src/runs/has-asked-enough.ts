import { countAsking } from '../store/askings.ts';
import type { RunDeps } from './run-deps.ts';

/** Answers that somebody without a part in the repository gets in an hour. */
export const ANSWERS_PER_HOUR = 5;

const HOUR_MS = 3_600_000;

/** Whether somebody has been shown as much within the hour as they may. The same command counts once. */
export async function hasAskedEnough(
  deps: RunDeps,
  who: { readonly key: string; readonly repositoryId: number; readonly login: string },
): Promise<boolean> {
  const asking = { ...who, at: deps.now() };
  return (await countAsking(deps.db, asking, HOUR_MS)) > ANSWERS_PER_HOUR;
}

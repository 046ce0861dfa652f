import type { Draft } from './draft.ts';
import { laterBy } from './time.ts';

/** Null: the consent lasts as long as the run. */
export function consentFrom(draft: Draft): string | null {
  const { consentLifetimeMs } = draft.plan.policies;
  return consentLifetimeMs > 0 ? laterBy(draft.at, consentLifetimeMs) : null;
}

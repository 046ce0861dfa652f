import type { FaultKind } from './faults.ts';

/** One request as it arrived and was answered. */
export interface LoggedRequest {
  at: number;
  method: string;
  /** Path and query. */
  path: string;
  body: unknown;
  /** `sluice[bot]`, `bob`, the app's slug for its own token, or `anonymous`. */
  who: string;
  /** Whether it bears a token of an app or of its installation. */
  fromApp: boolean;
  /** 0 while unanswered, and for a connection that was broken. */
  status: number;
  fault: FaultKind | null;
  durationMs: number;
}

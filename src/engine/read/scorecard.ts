/** What a run took. Waiting for people is not part of it. */
export interface Effort {
  readonly tokens: number;
  readonly usd: number | null;
  readonly workMs: number;
  /** Further attempts after a failure, plus rounds of loops. */
  readonly retries: number;
}

/** How well a finished run went, for comparison with others of its workflow. */
export interface Scorecard extends Effort {
  /** Between 0 and 1. */
  readonly score: number;
}

const POINTS = 100;
const PER_RETRY = 4;
const TOKENS_PER_POINT = 100_000;
const MOST_FOR_TOKENS = 15;
const MS_PER_POINT = 60_000;
const MOST_FOR_TIME = 20;

/** A run that reached its end gets full marks, less what it took to get there. */
export function scorecardFor(effort: Effort): Scorecard {
  const lost =
    effort.retries * PER_RETRY +
    Math.min(MOST_FOR_TOKENS, effort.tokens / TOKENS_PER_POINT) +
    Math.min(MOST_FOR_TIME, effort.workMs / MS_PER_POINT);
  return { ...effort, score: Math.max(0, POINTS - lost) / POINTS };
}

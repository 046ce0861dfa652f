import type { Condition, Outcome } from '../plan/condition.ts';
import type { Json } from '../plan/json.ts';
import type { Criterion } from '../plan/plan.ts';

/** What a condition may ask about, as the engine sees it. */
export interface Facts {
  readonly result: { readonly outcome: Outcome | null; readonly data: Json } | null;
  readonly text: string;
  readonly outputs: (name: string) => Json | undefined;
}

/** How the engine understands conditions, criteria and statuses. Comes in from there, so that there is one truth. */
export interface Oracle {
  readonly holds: (condition: Condition, facts: Facts) => boolean;
  readonly passes: (criteria: readonly CriterionLike[], data: Json) => boolean;
  readonly outcomeFor: (status: string) => Outcome | undefined;
}

export interface CriterionLike {
  readonly path: string;
  readonly op: Criterion['op'];
  readonly value: Json;
}

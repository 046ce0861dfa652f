import type { Outcome } from '../../plan/condition.ts';
import type { Json } from '../../plan/json.ts';
import type { ConditionFacts } from '../read/condition-holds.ts';
import { conditionHolds } from '../read/condition-holds.ts';
import { lookUpFrom } from '../read/look-up.ts';
import type { Draft } from '../state/draft.ts';
import { edgesOutOf, loopsOutOf } from '../state/graph-index.ts';
import type { Place } from '../state/place.ts';
import { loopVerdict } from './loops.ts';

export interface JudgedAnswer {
  readonly outcome: Outcome | null;
  readonly data: Json;
  readonly text: string;
}

/**
 * Evaluates every condition on the node's edges and loops, once: the text is not kept, and what is
 * upstream may change while somebody decides. Unconditional ones are skipped.
 */
export function judge(draft: Draft, place: Place, answer: JudgedAnswer): Record<string, boolean> {
  const facts: ConditionFacts = {
    result: { outcome: answer.outcome, data: answer.data },
    text: answer.text,
    outputs: lookUpFrom(draft, place.frame, place.node.id, true),
  };
  const verdicts: Record<string, boolean> = {};
  for (const edge of edgesOutOf(place.index, place.node.id)) {
    if (edge.when.type !== 'always') verdicts[edge.id] = conditionHolds(edge.when, facts);
  }
  for (const loop of loopsOutOf(place.index, place.node.id)) {
    verdicts[loopVerdict(loop)] = conditionHolds(loop.trigger, facts);
  }
  return verdicts;
}

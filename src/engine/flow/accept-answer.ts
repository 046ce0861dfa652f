import { kindOf } from '../../plan/kinds.ts';
import { readPath } from '../../plan/read-path.ts';
import { breachOfNode, charge } from '../ask/budget.ts';
import { judge } from '../ask/judge.ts';
import { openGate } from '../ask/open-gate.ts';
import { passesByItself } from '../ask/passes-by-itself.ts';
import { settledBy } from '../read/open-items.ts';
import { approvalOf } from '../state/approval-policy.ts';
import type { Draft } from '../state/draft.ts';
import type { AttemptResult, Failure } from '../state/event.ts';
import { GATES } from '../state/gates.ts';
import type { Place } from '../state/place.ts';
import type { GateRequest, NodeResult } from '../state/run.ts';
import { attemptFailed } from './attempt-failed.ts';
import { conclude } from './conclude.ts';

export type Completed = Extract<AttemptResult, { status: 'completed' }>;

/** An attempt answered: keep the answer, judge it, and ask a person if needed. */
export function acceptAnswer(draft: Draft, place: Place, answer: Completed): void {
  keepAnswer(draft, place, answer);
  charge(draft, place, answer.usage);
  const breach = breachOfNode(draft, place);
  if (breach?.onExceed === 'stop') {
    return attemptFailed(draft, place, breach.failure, answer.text);
  }
  const next = requestFor(draft, place, answer);
  if (breach !== null) return void openGate(draft, place, pauseFor(breach.failure, next));
  askOrConclude(draft, place, next);
}

/** Whether to pay more is a separate question: the answer is still reviewed afterwards as usual. */
function pauseFor({ message }: Failure, next: GateRequest | null): GateRequest {
  const pause = { kind: 'budget', when: 'after', trigger: message } as const;
  return next === null ? pause : { ...pause, next };
}

/** Opens whatever a person must see before the answer takes effect, if anything; else concludes. */
export function askOrConclude(draft: Draft, place: Place, request: GateRequest | null): void {
  const passes = request !== null && GATES[request.kind].isStop && passesByItself(draft, place);
  if (request === null || passes) return conclude(draft, place);
  openGate(draft, place, request);
}

function keepAnswer(draft: Draft, place: Place, answer: Completed): void {
  const { outcome, data, text } = answer;
  const settled = settledBy(draft, answer.resolvedItems ?? []);
  const result = { ...resultOf(answer), resolvedItems: settled };
  draft.updateNode(place, { result, commit: answer.commit, execution: null });
  const verdicts = judge(draft, place, { outcome, data, text });
  draft.updateNode(place, { verdicts });
}

const MAX_DATA = 20_000;
const MAX_HEADLINE = 120;

function resultOf(answer: Completed): NodeResult {
  const { outcome, statusRaw, data, digest, size, openItems, notes, warnings } = answer;
  const { debts = [] } = answer;
  return {
    outcome,
    statusRaw,
    data: JSON.stringify(data).length > MAX_DATA ? null : data,
    headline: answer.headline.slice(0, MAX_HEADLINE),
    digest,
    size,
    openItems,
    resolvedItems: [],
    notes,
    warnings,
    debts,
    fingerprint: answer.fingerprint === null ? null : answer.fingerprint.toSorted(),
    cutTo: null,
  };
}

/** Why a person must see the answer before it takes effect; null if nobody has to. */
function requestFor(draft: Draft, place: Place, answer: Completed): GateRequest | null {
  if (answer.questions !== undefined && answer.questions.length > 0) {
    const { questions } = answer;
    return { kind: 'question', when: 'after', trigger: 'The agent has questions.', questions };
  }
  if (answer.outcome === 'halt' || answer.outcome === 'escalate') return null;
  const doubt = doubtAbout(draft, answer);
  if (doubt !== null) return { kind: 'confidence', when: 'after', trigger: doubt };
  const policy = kindOf(place.node).settledBy === 'person' ? null : approvalOf(place.node);
  if (policy === null || policy.when !== 'after') return null;
  return place.node.stopPoint
    ? { kind: 'stop-point', when: 'after', trigger: 'A stop of this workflow.' }
    : { kind: 'approval', when: 'after', trigger: 'The workflow asks for approval.' };
}

function doubtAbout(draft: Draft, { confidence }: Completed): string | null {
  if (confidence === 'low') return 'The agent is not confident of its answer.';
  const policy = draft.plan.policies.reliability;
  const asks = readPath(policy ?? null, 'confidence.missing_requires_approval') === true;
  return confidence === 'missing' && asks ? 'The agent does not say how confident it is.' : null;
}

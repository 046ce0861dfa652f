import { openItemsIn, resolvedItemsIn } from '../../engine/read/answer-items.ts';
import type { AttemptResult } from '../../engine/state/event.ts';
import { nodeAt } from '../../engine/state/node-at.ts';
import { openGates } from '../../engine/state/open-gates.ts';
import type { Gate, NodeKey, Verdict } from '../../engine/state/run.ts';
import type { Outcome } from '../../plan/condition.ts';
import type { Json } from '../../plan/json.ts';
import type { Plan } from '../../plan/plan.ts';
import { apply, type Happening, type Scene, type Stage } from './stage.ts';

/** One thing that can happen next. */
export type Move =
  | { readonly type: 'answer'; readonly node: NodeKey; readonly answer: GivenAnswer }
  | { readonly type: 'failure'; readonly node: NodeKey; readonly reason: string }
  | {
      readonly type: 'verdict';
      readonly gate: string;
      readonly node: NodeKey;
      readonly verdict: Verdict;
      readonly text: string | null;
    }
  | { readonly type: 'expiry'; readonly gate: string; readonly node: NodeKey; readonly at: number }
  | { readonly type: 'wait'; readonly until: number };

export interface GivenAnswer {
  readonly outcome: Outcome;
  readonly status: string | null;
  readonly data: Json;
  readonly text: string;
  /** Items of a foreach. */
  readonly items?: readonly Json[];
  readonly asks?: boolean;
  readonly isUnsure?: boolean;
}

export const STEP_FAILED = 'step-failed';

/** Makes it happen. A move that the engine refuses leaves the run as it is. */
export function makeMove(plan: Plan, stage: Stage, move: Move): Scene {
  switch (move.type) {
    case 'answer':
      return finish(plan, stage, move.node, resultFor(move.answer));
    case 'failure':
      return finish(plan, stage, move.node, failureFor(move.reason));
    case 'verdict':
      return decide(plan, stage, move);
    case 'expiry':
      return apply(plan, { ...stage, clock: move.at }, [
        { type: 'timer.fired', timer: `gate:${move.gate}` },
      ]);
    case 'wait':
      return apply(plan, { ...stage, clock: move.until }, [
        { type: 'timer.fired', timer: 'node:' },
      ]);
  }
}

function finish(plan: Plan, stage: Stage, key: NodeKey, result: AttemptResult): Scene {
  const state = nodeAt(plan, stage.run, key)?.state;
  if (state === undefined) return { stage, records: [] };
  const { visit, attempt } = state;
  const execution = `${key}@${visit}.${attempt}`;
  return apply(plan, stage, [
    { type: 'node.started', node: key, visit, execution, snapshot: null },
    { type: 'node.finished', node: key, visit, attempt, result },
  ]);
}

const NO_USAGE = { inputTokens: 0, outputTokens: 0, usd: null };

function resultFor(answer: GivenAnswer): AttemptResult {
  const { outcome, status, data, text, items = null, asks, isUnsure } = answer;
  const written = data === null ? text : JSON.stringify(data);
  return {
    status: 'completed',
    outcome,
    statusRaw: status,
    data,
    text,
    headline: text.split('\n', 1)[0] ?? '',
    // Gates bind to it, and an answer with the same words has the same digest.
    digest: `simulated:${written}`,
    size: written.length,
    commit: null,
    headSha: null,
    openItems: openItemsIn(data),
    resolvedItems: resolvedItemsIn(data),
    notes: [],
    warnings: [],
    fingerprint: null,
    confidence: isUnsure === true ? 'low' : null,
    items,
    usage: NO_USAGE,
    ...(asks === true ? { questions: [{ question: 'How shall it be done?', options: [] }] } : {}),
  };
}

function failureFor(reason: string): AttemptResult {
  const message = reason === STEP_FAILED ? 'The step failed.' : `The step failed: ${reason}.`;
  return {
    status: 'failed',
    failure: { class: 'execution', reason, message, retryAfterMs: null },
    usage: NO_USAGE,
    text: '',
  };
}

type VerdictMove = Extract<Move, { readonly type: 'verdict' }>;

/** As many different people as the gate requires say the same. */
function decide(plan: Plan, stage: Stage, move: VerdictMove): Scene {
  const gate = openGates(stage.run).find(({ id }) => id === move.gate);
  if (gate === undefined) return { stage, records: [] };
  const voices = move.verdict === 'approve' ? gate.approvers.count : 1;
  const happenings = Array.from({ length: voices }, (_, voice) => decision(gate, move, voice));
  return apply(plan, stage, happenings);
}

function decision(gate: Gate, { verdict, text }: VerdictMove, voice: number): Happening {
  return {
    type: 'gate.decided',
    gate: gate.id,
    verdict,
    by: `person-${voice + 1}`,
    text,
    channel: 'github',
    headSha: gate.subject.headSha,
    sha: null,
    alone: false,
    ...(verdict === 'edit' ? { edited: { digest: 'simulated:edit', size: 0, headline: '' } } : {}),
  };
}

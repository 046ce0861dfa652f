import { judge } from '../ask/judge.ts';
import { stopRun } from '../ask/stop-run.ts';
import type { Draft } from '../state/draft.ts';
import { ROOT } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import type { NodeResult } from '../state/run.ts';
import { defeat } from './defeat.ts';
import { failNode } from './dispose.ts';

/** Sets the node's final state after an answer. An answer `skipped` makes it a waived node. */
export function markFinished(draft: Draft, place: Place): void {
  const { result } = draft.node(place);
  const waived = result?.outcome === 'waived';
  draft.updateNode(place, {
    status: waived ? 'skipped' : 'completed',
    reason: waived ? { code: 'waived', message: result.headline } : null,
    finishedAt: draft.at,
    execution: null,
  });
  draft.record(waived ? 'node-skipped' : 'node-completed', {
    place,
    reasonCode: result?.outcome ?? null,
    detail: result?.headline ?? null,
  });
  draft.touch(place.frame);
}

/** Turns whatever the node said into a pass and evaluates its conditions again. */
export function markPassed(draft: Draft, place: Place): void {
  const { result } = draft.node(place);
  const passed: NodeResult = { ...(result ?? NO_RESULT), outcome: 'ok' };
  const { data, headline } = passed;
  draft.updateNode(place, { result: passed });
  const verdicts = judge(draft, place, { outcome: 'ok', data, text: headline });
  draft.updateNode(place, { verdicts });
}

export function addWarning(draft: Draft, place: Place, warning: string): void {
  const result = draft.node(place).result ?? NO_RESULT;
  draft.updateNode(place, { result: { ...result, warnings: [...result.warnings, warning] } });
}

/** An answer `blocked` or `rejected` ends everything at once and calls a person. */
export function halt(draft: Draft, place: Place): void {
  const message = draft.node(place).result?.headline ?? 'A step called a halt.';
  failNode(draft, place, defeat('halted', message));
  if (place.node.finally && draft.frame(ROOT).ending !== null) return;
  stopRun(draft, {
    outcome: 'escalated',
    reason: { code: 'halted', message: `${place.node.id}: ${message}` },
    because: 'halted',
    failure: { code: 'halted', message, node: place.key, escalate: true, loop: null },
  });
}

export const NO_RESULT: NodeResult = {
  outcome: 'ok',
  statusRaw: null,
  data: null,
  headline: '',
  digest: null,
  size: 0,
  openItems: [],
  resolvedItems: [],
  notes: [],
  warnings: [],
  debts: [],
  fingerprint: null,
  cutTo: null,
};

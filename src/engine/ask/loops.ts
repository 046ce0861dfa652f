import type { Loop } from '../../plan/plan.ts';
import type { Draft } from '../state/draft.ts';
import { loopsOutOf } from '../state/graph-index.ts';
import { FRESH_LOOP } from '../state/new-frame.ts';
import type { Place } from '../state/place.ts';
import { placeIn } from '../state/place.ts';
import type { Guidance, LoopContext, LoopState, NodeState } from '../state/run.ts';
import { makeReady } from './evaluate-join.ts';
import { hasPending, resetFrom, resetSet } from './reset.ts';

/** Key of a loop's answer among a node's verdicts, which also hold those of edges. */
export function loopVerdict(loop: Loop): string {
  return `loop:${loop.id}`;
}

/**
 * The loop that a finished node triggers. If there are several, the one that goes back farthest:
 * when that one is used up, a cheaper one is no way out.
 */
export function triggeredLoop(place: Place, state: NodeState): Loop | null {
  const rank = (loop: Loop): number => place.index.rank.get(loop.to) ?? 0;
  let farthest: Loop | null = null;
  for (const loop of loopsOutOf(place.index, place.node.id)) {
    if (state.verdicts[loopVerdict(loop)] !== true) continue;
    if (farthest === null || rank(loop) < rank(farthest)) farthest = loop;
  }
  return farthest;
}

export function loopState(draft: Draft, place: Place, loop: Loop): LoopState {
  return draft.frame(place.frame).loops[loop.id] ?? FRESH_LOOP;
}

/** Why the loop may not be taken again; null if it may. */
export function exhaustionOf(
  draft: Draft,
  place: Place,
  loop: Loop,
): { code: string; message: string } | null {
  const { count, usd, lastFingerprint } = loopState(draft, place, loop);
  if (count >= loop.max) {
    return { code: 'loop-exhausted', message: `${loop.id}: ${count} of ${loop.max} rounds used.` };
  }
  if (loop.costCeilingUsd !== null && usd > loop.costCeilingUsd) {
    return { code: 'loop-cost', message: `${loop.id}: spent more than $${loop.costCeilingUsd}.` };
  }
  const fingerprint = draft.node(place).result?.fingerprint ?? null;
  if (loop.stopOnNoProgress && !isProgress(lastFingerprint, fingerprint)) {
    return { code: 'no-progress', message: `${loop.id}: the last round made no progress.` };
  }
  return visitsLeft(draft, place, loop)
    ? null
    : { code: 'visit-cap', message: `${loop.id}: a step was visited too often.` };
}

/** Goes back to the loop's target: does the reset, counts the round and tells the target why. */
export function takeLoop(
  draft: Draft,
  place: Place,
  loop: Loop,
  failures: readonly string[],
): void {
  const state = draft.node(place);
  const before = loopState(draft, place, loop);
  const iteration = before.count + 1;
  draft.record('loop', {
    place,
    reasonCode: loop.id,
    detail: `${iteration} of ${loop.max}, back to ${loop.to}${told(failures)}`,
  });
  draft.setLoop(place.frame, loop.id, {
    ...before,
    count: iteration,
    lastFingerprint: known(state.result?.fingerprint ?? null) ?? before.lastFingerprint,
    exhausted: null,
  });
  goBack(draft, place, loop.to, {
    loop: loop.id,
    iteration,
    max: loop.max,
    failures,
    guidance: [],
    cooldownMs: loop.cooldownMs,
    workspace: loop.workspace,
  });
}

const TOLD_LENGTH = 300;

/** What sent the work back, kept in the history because later rounds forget it. */
function told(failures: readonly string[]): string {
  return failures.length === 0 ? '' : `; failed: ${failures.join(', ')}`.slice(0, TOLD_LENGTH);
}

/** What the loop's target is told to fix, at most twenty lines. */
export function failuresOf(state: NodeState): readonly string[] {
  const { result } = state;
  if (result === null) return state.reason === null ? [] : [state.reason.message];
  return [...(known(result.fingerprint) ?? [result.headline]), ...result.openItems].slice(0, 20);
}

export interface WayBack {
  readonly loop: string;
  readonly iteration: number;
  readonly max: number;
  readonly failures: readonly string[];
  readonly guidance: readonly Guidance[];
  readonly cooldownMs: number;
  readonly workspace: 'keep' | 'rewind';
}

/**
 * Resets from the target on and makes it ready, with the story of what happened. A target whose own
 * turn is still to come, as behind a first-come join, waits for that.
 */
export function goBack(draft: Draft, from: Place, targetId: string, way: WayBack): void {
  const target = placeIn(draft, from.frame, targetId) ?? from;
  const source = { node: from.key, visit: draft.node(from).visit };
  const before = draft.node(target);
  const context = contextFor(before, way, source);
  resetFrom(draft, from.frame, target.node.id, from.node.id);
  const snapshot = way.workspace === 'rewind' ? before.snapshot : null;
  draft.updateNode(target, { loopContext: context, snapshot });
  if (!isToCome(draft, target, before)) makeReady(draft, target, way.cooldownMs);
}

function isToCome(draft: Draft, target: Place, before: NodeState): boolean {
  const isForward = target.index.graph.mode === 'graph';
  return isForward && before.status === 'idle' && hasPending(draft, target);
}

function contextFor(
  before: NodeState,
  way: WayBack,
  source: NonNullable<LoopContext['source']>,
): LoopContext {
  const { loop, iteration, max, failures, workspace } = way;
  return {
    loop,
    iteration,
    max,
    failures,
    guidance: [...(before.loopContext?.guidance ?? []), ...way.guidance],
    previousAttempts: previousAttempts(before),
    source,
    workspace,
  };
}

/** What the last ten visits said. */
export function previousAttempts(before: NodeState): LoopContext['previousAttempts'] {
  const earlier = before.loopContext?.previousAttempts ?? [];
  if (before.result === null) return earlier;
  return [...earlier, { visit: before.visit, headline: before.result.headline }].slice(-10);
}

function isProgress(last: readonly string[] | null, now: readonly string[] | null): boolean {
  const before = known(last);
  const after = known(now);
  return before === null || after === null || after.length < before.length;
}

/** An empty fingerprint says nothing about what failed. */
function known(fingerprint: readonly string[] | null): readonly string[] | null {
  return fingerprint === null || fingerprint.length === 0 ? null : fingerprint;
}

function visitsLeft(draft: Draft, place: Place, loop: Loop): boolean {
  const cap = draft.plan.policies.caps.visitsPerNode * (1 + draft.run.counters.resumes);
  const members =
    place.index.graph.mode === 'state-machine'
      ? [loop.to]
      : resetSet(draft, place.frame, place.index, loop.to, place.node.id);
  const { nodes } = draft.frame(place.frame);
  return [...members].every((id) => (nodes[id]?.visit ?? 0) < cap);
}

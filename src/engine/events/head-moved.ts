import { reopenGate } from '../ask/open-gate.ts';
import { voidGate } from '../ask/void-gates.ts';
import { recallApprovals } from '../decide/recall-approvals.ts';
import { boundHead, withHead } from '../state/bound-head.ts';
import type { Draft } from '../state/draft.ts';
import type { RunEvent } from '../state/event.ts';
import { isBound } from '../state/gates.ts';
import type { Handling } from '../state/handler.ts';
import { isSettled } from '../state/is-settled.ts';
import { findPlace } from '../state/place.ts';
import type { HeadOf } from '../state/run.ts';

/** Somebody else pushed: what was or will be approved is no longer what is there. */
export function headMoved(
  draft: Draft,
  event: Extract<RunEvent, { type: 'head.moved' }>,
): Handling {
  if (isSettled(draft.run.status)) return 'ignored';
  const moved = withHead(draft.run, event);
  if (moved === null) return 'ignored';
  noteMove(draft, event);
  draft.update(moved);
  askAnew(draft);
  recallApprovals(draft);
  return 'applied';
}

/** Handles a push made while the run was over: what reopens starts from there, as if pushed just after. */
export function resumeAt(draft: Draft, moved: Move, reopen: () => void): void {
  const update = withHead(draft.run, moved);
  if (update === null) return reopen();
  noteMove(draft, moved);
  draft.update(update);
  reopen();
  recallApprovals(draft);
}

interface Move {
  readonly headSha: string;
  readonly headOf?: HeadOf;
  readonly by: string;
}

function noteMove(draft: Draft, { by, headSha }: Move): void {
  draft.record('head-moved', { actor: by, detail: headSha });
}

/** The branch moved to another of the run's own commits: open gates on the old one are asked again. */
export function followHead(draft: Draft, headSha: string): void {
  if (draft.run.headSha === headSha) return;
  draft.update({ headSha });
  askAnew(draft);
}

function askAnew(draft: Draft): void {
  const { headSha } = boundHead(draft.run);
  for (const gate of draft.run.gates) {
    if (gate.status !== 'open' || !isBound(gate) || gate.subject.headSha === headSha) continue;
    const place = findPlace(draft, gate.node);
    voidGate(draft, gate, 'head-moved');
    if (place !== null) reopenGate(draft, place, gate);
  }
}

import type { Draft } from './draft.ts';
import type { RunEvent } from './event.ts';
import type { Handling } from './handler.ts';
import { isSettled } from './is-settled.ts';
import { isBound, reopenGate } from './open-gate.ts';
import { findPlace } from './place.ts';
import { recallApprovals } from './recall-approvals.ts';
import { voidGate } from './void-gates.ts';

/** Somebody else pushed: what was approved, or is about to be, is no longer what lies there. */
export function moveHead(draft: Draft, event: Extract<RunEvent, { type: 'head.moved' }>): Handling {
  if (isSettled(draft.run.status) || draft.run.headSha === event.headSha) return 'ignored';
  noteMove(draft, event);
  followHead(draft, event.headSha);
  recallApprovals(draft);
  return 'applied';
}

/** Pushed to while the run was over: what opens again starts from what is there now, as if it were pushed right after. */
export function resumeAt(draft: Draft, moved: Move, reopen: () => void): void {
  if (draft.run.headSha === moved.headSha) return reopen();
  noteMove(draft, moved);
  draft.update({ headSha: moved.headSha });
  reopen();
  recallApprovals(draft);
}

interface Move {
  readonly headSha: string;
  readonly by: string;
}

function noteMove(draft: Draft, { by, headSha }: Move): void {
  draft.record('head-moved', { actor: by, detail: headSha });
}

/** The branch stands on another commit: open gates about the old one are asked anew. */
export function followHead(draft: Draft, headSha: string): void {
  if (draft.run.headSha === headSha) return;
  draft.update({ headSha });
  for (const gate of draft.run.gates) {
    if (gate.status !== 'open' || !isBound(gate) || gate.subject.headSha === headSha) continue;
    const place = findPlace(draft, gate.node);
    voidGate(draft, gate, 'head-moved');
    if (place !== null) reopenGate(draft, place, gate);
  }
}

import { goBack } from '../ask/loops.ts';
import { stopWork } from '../ask/stop-nodes.ts';
import { reopenRun } from '../decide/reopen.ts';
import { REDESIGN } from '../read/redesigned-steps.ts';
import type { Draft } from '../state/draft.ts';
import type { Refusal, RunEvent } from '../state/event.ts';
import type { Handling } from '../state/handler.ts';
import { refuse } from '../state/handler.ts';
import { isSettled } from '../state/is-settled.ts';
import { ROOT } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import { placeIn } from '../state/place.ts';
import { headMoved, resumeAt } from './head-moved.ts';

type Redesigned = Extract<RunEvent, { type: 'run.redesigned' }>;

/**
 * The requirements have changed: everything that runs or waits behind the step that takes them is
 * stopped and redone with the new ones. No approval so far covers it.
 */
export function runRedesigned(draft: Draft, event: Redesigned): Handling {
  const target = targetIn(draft);
  if (target === null) {
    const message = 'No step of this workflow takes changed requirements: cancel the run instead.';
    return refuse('not-offered', message);
  }
  const refusal = refusalFor(draft, target, event);
  if (refusal !== null) return refusal;
  const { by, text, at } = event;
  const again = () => startAgain(draft, target, { by, text, at });
  const moved = movedTo(event);
  if (moved === null) again();
  else if (isSettled(draft.run.status)) resumeAt(draft, moved, again);
  else {
    headMoved(draft, { type: 'head.moved', at, ...moved });
    again();
  }
  return 'applied';
}

function movedTo({ headSha = null, headOf, by }: Redesigned) {
  return headSha === null ? null : { headSha, by, ...(headOf !== undefined && { headOf }) };
}

function targetIn(draft: Draft): Place | null {
  const { redesign } = draft.plan.policies;
  const place = redesign === undefined ? null : placeIn(draft, ROOT, redesign.to);
  return place?.index.graph.mode === 'graph' ? place : null;
}

function refusalFor(draft: Draft, target: Place, { text }: Redesigned): Refusal | null {
  const { status } = draft.run;
  const { draining, ending } = draft.frame(ROOT);
  const isCalling = status === 'escalated';
  if (status === 'queued') return refuse('not-started', 'The run has not started yet.');
  if (isSettled(status) && !isCalling) return refuse('settled', 'The run is over.');
  if (!isCalling && (draining || ending !== null)) return refuse('settled', 'The run is ending.');
  if (text.trim() === '') return refuse('no-text', 'Changed requirements need a text.');
  const cap = draft.plan.policies.caps.visitsPerNode * (1 + draft.run.counters.resumes);
  if (draft.node(target).visit < cap) return null;
  return refuse('no-rounds-left', `Step "${target.key}" was visited ${cap} times.`);
}

function startAgain(
  draft: Draft,
  target: Place,
  wish: { readonly by: string; readonly text: string; readonly at: string },
): void {
  const { by, text } = wish;
  draft.record(REDESIGN, { place: target, actor: by, detail: text.slice(0, 200) });
  if (isSettled(draft.run.status)) {
    reopenRun(draft, { by, only: null, guidance: [], spared: null });
  }
  // Work half done for the old requirements is no starting point for the new ones.
  draft.update({ autonomous: false, uncommitted: null });
  stopWork(draft, target, 'superseded');
  goBack(draft, target, target.node.id, {
    loop: REDESIGN,
    iteration: draft.node(target).visit,
    max: draft.plan.policies.caps.visitsPerNode,
    failures: [],
    guidance: [wish],
    cooldownMs: 0,
    workspace: 'keep',
  });
}

import { waive } from '../ask/evaluate-join.ts';
import { stopWork } from '../ask/stop-nodes.ts';
import type { Draft } from '../state/draft.ts';
import type { RunEvent } from '../state/event.ts';
import type { Handling } from '../state/handler.ts';
import { refuse } from '../state/handler.ts';
import { isLive } from '../state/is-live.ts';
import { isSettled } from '../state/is-settled.ts';
import type { Place } from '../state/place.ts';
import { findPlace } from '../state/place.ts';
import type { NodeStatus } from '../state/run.ts';

/** A person skips an optional node: what follows gets an empty result. */
export function nodeWaived(
  draft: Draft,
  event: Extract<RunEvent, { type: 'node.waived' }>,
): Handling {
  if (isSettled(draft.run.status)) return refuse('settled', 'The run is over.');
  const place = findPlace(draft, event.node);
  if (place === null) return refuse('no-such-node', `There is no step "${event.node}".`);
  const { status, waivedBy } = draft.node(place);
  if (place.node.disposition !== 'optional' || isTokenBound(place)) {
    return refuse('not-optional', `Step "${event.node}" is not optional.`);
  }
  if (waivedBy !== null) return 'ignored';
  return WAIVABLE.has(status)
    ? apply(draft, place, event.by)
    : refuse('already-settled', `Step "${event.node}" has ended already.`);
}

const WAIVABLE: ReadonlySet<NodeStatus> = new Set([
  'idle',
  'ready',
  'running',
  'awaiting-input',
  'awaiting-approval',
]);

function apply(draft: Draft, place: Place, by: string): Handling {
  if (isLive(draft.node(place).status)) {
    stopWork(draft, place, 'waived');
    draft.updateNode(place, { execution: null, result: null, waivedBy: by });
    waive(draft, place, `Skipped by ${by}.`, by);
  } else {
    draft.updateNode(place, { waivedBy: by });
    draft.record('node-waived', { place, actor: by });
  }
  return 'applied';
}

/** In state-machine mode only an answer moves the token on. */
function isTokenBound(place: Place): boolean {
  return place.index.graph.mode === 'state-machine';
}

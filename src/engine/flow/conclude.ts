import type { Graph } from '../../plan/plan.ts';
import type { Draft } from '../state/draft.ts';
import type { Place } from '../state/place.ts';
import type { Defeat } from './defeat.ts';
import { failForward, passForward, routeForward } from './forward-mode.ts';
import { failSignal, passSignal, routeSignal } from './signal-mode.ts';

/** What a graph's mode does with a node that has ended. */
interface Mode {
  readonly route: (draft: Draft, place: Place) => void;
  readonly fail: (draft: Draft, place: Place, why: Defeat, mayLoop: boolean) => void;
  readonly pass: (draft: Draft, place: Place) => void;
}

const MODES: Readonly<Record<Graph['mode'], Mode>> = {
  graph: { route: routeForward, fail: failForward, pass: passForward },
  'state-machine': { route: routeSignal, fail: failSignal, pass: passSignal },
};

/** The node's answer stands (checked, approved): go on, go back or give up. */
export function conclude(draft: Draft, place: Place): void {
  MODES[place.index.graph.mode].route(draft, place);
}

/** The node failed and has no retries left. `mayLoop`: a loop may still heal it. */
export function concludeFailure(draft: Draft, place: Place, why: Defeat, mayLoop: boolean): void {
  MODES[place.index.graph.mode].fail(draft, place, why, mayLoop);
}

/** Treats the node as passed, whatever it said, because a person or an exhausted loop says so. */
export function concludeAsPassed(draft: Draft, place: Place): void {
  MODES[place.index.graph.mode].pass(draft, place);
}

import { askBefore } from '../ask/ask-before.ts';
import { mustLookFirst } from '../ask/look-first.ts';
import { openGate } from '../ask/open-gate.ts';
import { Occupancy } from '../read/occupancy.ts';
import type { Draft } from '../state/draft.ts';
import { GATES } from '../state/gates.ts';
import { ROOT } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import { livePlacesOf } from '../state/place.ts';
import type { FrameId, GateRequest } from '../state/run.ts';
import { framesOf } from '../state/view.ts';
import { holdBack, respectLimits } from './hold-back.ts';
import { needsWorker, startNode, startPreflight } from './start-node.ts';

/** What the last look at the whole run found. */
export interface Floor {
  /** Nodes that a worker has taken. */
  readonly workers: number;
  /** Nodes that will start by themselves once their time comes or there is room. */
  readonly waiting: number;
}

/**
 * Starts, in plan order, whatever is ready and may start. `settle` works through what each start
 * leads to before the next node is looked at. Returns once a full pass found nothing to start.
 */
export function schedule(draft: Draft, settle: () => void): Floor {
  for (;;) {
    const pass = new Pass(draft, settle);
    pass.visit(ROOT);
    if (!pass.started) return { workers: pass.occupancy.workers, waiting: pass.waiting };
  }
}

class Pass {
  readonly occupancy: Occupancy;
  started = false;
  waiting = 0;
  readonly #draft: Draft;
  readonly #settle: () => void;

  constructor(draft: Draft, settle: () => void) {
    this.#draft = draft;
    this.#settle = settle;
    this.occupancy = new Occupancy(draft);
  }

  visit(frame: FrameId): void {
    for (const place of livePlacesOf(this.#draft, frame)) {
      if (this.#draft.frame(frame).status !== 'running') return;
      if (this.#draft.node(place).status === 'ready') this.#consider(place);
      this.#descend(place);
    }
  }

  #descend(place: Place): void {
    const state = this.#draft.node(place);
    if (state.status !== 'running' || state.phase !== 'members') return;
    for (const { id, frame } of framesOf(this.#draft, place.key, place.node, state)) {
      if (frame.status === 'running') this.visit(id);
    }
  }

  #consider(place: Place): void {
    if (!mayStart(this.#draft, place)) return;
    const step = this.#tryStart(place);
    if (step === 'later') this.waiting += 1;
    if (step !== 'acted') return;
    this.started = true;
    this.#settle();
  }

  /** `later`: it will start by itself; `asked`: it can start only if a person decides so. */
  #tryStart(place: Place): 'acted' | 'later' | 'asked' {
    const draft = this.#draft;
    if (!isTimeFor(draft, place) || !this.occupancy.hasSlot(place)) return 'later';
    const request = askBefore(draft, place);
    if (request !== null && mustLookFirst(draft, place)) return this.#look(place);
    // Consent is asked for right before the work, so not while there is no room for it.
    if (request !== null && !GATES[request.kind].asksLast) return ask(draft, place, request);
    const isWork = needsWorker(draft, place);
    if (isWork) {
      if (!this.occupancy.hasRoom(place)) return 'later';
      if (request !== null) return ask(draft, place, request);
      const hold = place.node.finally ? 'free' : holdBack(draft, place);
      if (hold !== 'free') return hold;
    }
    if (request !== null) return ask(draft, place, request);
    if (isWork) this.occupancy.addWorker(place);
    this.occupancy.addNode(place);
    startNode(draft, place);
    return 'acted';
  }

  #look(place: Place): 'acted' | 'later' | 'asked' {
    if (!this.occupancy.hasWorker()) return 'later';
    const hold = place.node.finally ? 'free' : respectLimits(this.#draft, place);
    if (hold !== 'free') return hold;
    startPreflight(this.#draft, place);
    this.occupancy.addWorker(place);
    this.occupancy.addNode(place);
    return 'acted';
  }
}

function ask(draft: Draft, place: Place, request: GateRequest): 'acted' {
  openGate(draft, place, request);
  return 'acted';
}

/** Once a frame has failed or ended, only its finalisers start. */
function mayStart(draft: Draft, place: Place): boolean {
  const { draining, ending } = draft.frame(place.frame);
  if (draft.run.held) return false;
  return place.node.finally ? ending !== null : !draining && ending === null;
}

function isTimeFor(draft: Draft, place: Place): boolean {
  const { notBefore } = draft.node(place);
  return notBefore === null || notBefore <= draft.at;
}

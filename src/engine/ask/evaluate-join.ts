import type { Edge } from '../../plan/plan.ts';
import { conditionHolds } from '../read/condition-holds.ts';
import { lookUpFrom } from '../read/look-up.ts';
import { missingInput } from '../read/missing-input.ts';
import type { Draft } from '../state/draft.ts';
import { edgesInto } from '../state/graph-index.ts';
import { isKept } from '../state/new-frame.ts';
import type { Place } from '../state/place.ts';
import { laterBy } from '../state/time.ts';
import { settleEdges } from './settle-edges.ts';

/** Checks whether it is the node's turn, now that edges into it have settled. */
export function evaluateJoin(draft: Draft, place: Place): void {
  const frame = draft.frame(place.frame);
  if (frame.status !== 'running' || place.index.graph.mode === 'state-machine') return;
  if (!isDue(draft, place)) return;
  const turn = turnOf(draft, place);
  if (turn === 'wait') return;
  if (draft.node(place).status === 'completed') {
    settleEdges(draft, place, turn === 'run' ? 'as-answered' : 'none');
  } else if (turn === 'run') {
    if (place.node.join !== 'all') noteFirst(draft, place);
    arrive(draft, place);
  } else {
    prune(draft, place, 'No way leads here any more.');
  }
}

/** It is the node's turn: it becomes ready or is skipped. */
function arrive(draft: Draft, place: Place): void {
  const { waivedBy } = draft.node(place);
  if (waivedBy !== null) return waive(draft, place, `Skipped by ${waivedBy}.`, waivedBy);
  if (!isWanted(draft, place)) return prune(draft, place, 'Its condition does not hold.');
  const missing = missingInput(draft, place);
  if (missing !== null) return prune(draft, place, `There is no "${missing}" on this way.`);
  makeReady(draft, place, 0);
}

/** `delayMs` is a cool-down: the node is ready but may not start until it is over. */
export function makeReady(draft: Draft, place: Place, delayMs: number): void {
  const notBefore = delayMs > 0 ? laterBy(draft.at, delayMs) : null;
  draft.updateNode(place, { status: 'ready', readyAt: draft.at, notBefore });
  draft.record('node-ready', { place });
  draft.touch(place.frame);
  if (notBefore !== null) setNodeTimer(draft, place, notBefore);
}

export function setNodeTimer(draft: Draft, place: Place, at: string): void {
  const { visit, attempt } = draft.node(place);
  draft.effect({ type: 'set-timer', timer: `node:${place.key}@${visit}.${attempt}`, at });
}

/** Skipped because nothing leads here; its own edges die. */
function prune(draft: Draft, place: Place, message: string): void {
  draft.updateNode(place, {
    status: 'skipped',
    reason: { code: 'pruned', message },
    finishedAt: draft.at,
  });
  draft.record('node-skipped', { place, reasonCode: 'pruned', detail: message });
  settleEdges(draft, place, 'none');
  draft.touch(place.frame);
}

/** Skipped on purpose: counts as done with an empty result. */
export function waive(draft: Draft, place: Place, message: string, actor: string | null): void {
  draft.updateNode(place, {
    status: 'skipped',
    reason: { code: 'waived', message },
    finishedAt: draft.at,
    readyAt: draft.node(place).readyAt ?? draft.at,
  });
  draft.record('node-skipped', { place, reasonCode: 'waived', detail: message, actor });
  settleEdges(draft, place, 'all');
  draft.touch(place.frame);
}

function isDue(draft: Draft, place: Place): boolean {
  const state = draft.node(place);
  if (place.node.finally && draft.frame(place.frame).ending === null) return false;
  if (state.status === 'idle') return true;
  return isKept(state, place.node.once) && state.exits === 'open';
}

function turnOf(draft: Draft, place: Place): 'run' | 'wait' | 'prune' {
  const edges = edgesThatCount(place);
  const states = edges.map((edge) => draft.edge(place.frame, edge));
  const taken = states.includes('taken');
  if (edges.length === 0) return 'run';
  if (place.node.join !== 'all' && taken) return 'run';
  if (states.includes('pending')) return 'wait';
  return taken ? 'run' : 'prune';
}

/** A loop that goes back past a first-come join must know which edge opened it. */
function noteFirst(draft: Draft, place: Place): void {
  const first = edgesThatCount(place).find((edge) => draft.edge(place.frame, edge) === 'taken');
  if (first !== undefined) draft.updateNode(place, { firedBy: first.id });
}

/** A finaliser runs whatever happened to the rest, so it waits only for other finalisers. */
function edgesThatCount(place: Place): readonly Edge[] {
  const edges = edgesInto(place.index, place.node.id);
  if (!place.node.finally) return edges;
  return edges.filter((edge) => place.index.nodes.get(edge.from)?.finally === true);
}

function isWanted(draft: Draft, place: Place): boolean {
  const { when } = place.node;
  if (when === null || when.type === 'always') return true;
  const before = edgesInto(place.index, place.node.id).find(
    (edge) => draft.edge(place.frame, edge) === 'taken',
  );
  const state = before && draft.frame(place.frame).nodes[before.from];
  return conditionHolds(when, {
    result: state?.result ?? null,
    text: state?.result?.headline ?? '',
    outputs: lookUpFrom(draft, place.frame, place.node.id, false),
  });
}

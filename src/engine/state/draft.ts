import type { Edge, Plan } from '../../plan/plan.ts';
import { attemptsOf } from './attempts-of.ts';
import { edgeState } from './edge-state.ts';
import { EngineError } from './engine-error.ts';
import type { Effect, Transition, TransitionRecord } from './event.ts';
import type { GraphIndex } from './graph-index.ts';
import { indexOf } from './graph-index.ts';
import { isLive } from './is-live.ts';
import { liveNodesOf, rememberLive } from './live-nodes.ts';
import { graphOf } from './new-run.ts';
import { splitKey } from './node-key.ts';
import type { Place } from './place.ts';
import type { EdgeState, Frame, FrameId, Gate, LoopState, NodeKey, NodeState, Run } from './run.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type WritableFrame = Writable<Frame>;

/**
 * The run while one event is applied to it: copies a part when it first changes and remembers what
 * follows from it. Lives for one transition only, so `transition` stays pure.
 */
export class Draft {
  readonly plan: Plan;
  readonly at: string;
  readonly #base: Run;
  readonly #run: Writable<Run>;
  readonly #effects: Effect[] = [];
  readonly #records: TransitionRecord[] = [];
  readonly #ownFrames = new Map<FrameId, WritableFrame>();
  readonly #ownNodes = new Map<FrameId, Record<string, NodeState>>();
  readonly #joins = new Set<NodeKey>();
  readonly #touched = new Set<FrameId>();
  readonly #live = new Map<FrameId, Set<string>>();
  #hasNewFrames = false;
  #ownFrameTable: Record<FrameId, Frame> | null = null;
  #changed = false;
  #visible = false;
  #settled = false;

  constructor(plan: Plan, run: Run, at: string) {
    this.plan = plan;
    this.at = at;
    this.#base = run;
    this.#run = { ...run };
  }

  get run(): Run {
    return this.#run;
  }

  get params(): Run['params'] {
    return this.#run.params;
  }

  get trees(): Run['trees'] {
    return this.#run.trees;
  }

  get frames(): Run['frames'] {
    return this.#run.frames;
  }

  get changed(): boolean {
    return this.#changed;
  }

  update(patch: Partial<Run>): void {
    Object.assign(this.#run, patch);
    this.#markVisible();
  }

  frame(id: FrameId): Frame {
    const frame = this.#run.frames[id];
    if (frame === undefined) throw this.#missing('frame', id);
    return frame;
  }

  index(id: FrameId): GraphIndex {
    return indexOf(graphOf(this.plan, this.frame(id).graph));
  }

  addFrame(id: FrameId, frame: Frame): void {
    this.#frameTable()[id] = frame;
    this.#hasNewFrames = true;
    this.#ownFrames.delete(id);
    this.#ownNodes.delete(id);
    this.#live.delete(id);
    this.#markVisible();
  }

  updateFrame(id: FrameId, patch: Partial<Frame>): void {
    Object.assign(this.#ownFrame(id), patch);
    this.#markVisible();
  }

  node(place: Place): NodeState {
    const state = this.frame(place.frame).nodes[place.node.id];
    if (state === undefined) throw this.#missing('node', place.key);
    return state;
  }

  /** Ids of the frame's live nodes, in no particular order. */
  live(id: FrameId): ReadonlySet<string> {
    const own = this.#live.get(id);
    if (own !== undefined) return own;
    const live = new Set(liveNodesOf(this.frame(id)));
    this.#live.set(id, live);
    return live;
  }

  updateNode(place: Place, patch: Partial<NodeState>): void {
    this.setNode(place, { ...this.node(place), ...patch });
  }

  setNode(place: Place, state: NodeState): void {
    this.#writeNode(place, state);
    this.#markVisible();
  }

  /** A change that nobody can see: which worker holds the node. */
  updateQuietly(place: Place, patch: Partial<NodeState>): void {
    this.#writeNode(place, { ...this.node(place), ...patch });
    this.#changed = true;
  }

  edge(frame: FrameId, edge: Edge): EdgeState {
    return edgeState(this.frame(frame), edge);
  }

  setLoop(frame: FrameId, id: string, state: LoopState): void {
    const own = this.#ownFrame(frame);
    own.loops = { ...own.loops, [id]: state };
    this.#markVisible();
  }

  addGate(gate: Gate): void {
    this.#run.gates = [...this.#run.gates, gate];
    this.#markVisible();
  }

  updateGate(id: string, patch: Partial<Gate>): void {
    this.#run.gates = this.#run.gates.map((gate) =>
      gate.id === id ? { ...gate, ...patch } : gate,
    );
    this.#markVisible();
  }

  effect(effect: Effect): void {
    this.#effects.push(effect);
    this.#changed = true;
  }

  record(
    kind: string,
    about: Partial<Omit<TransitionRecord, 'at' | 'kind'>> & { readonly place?: Place } = {},
  ): void {
    const { place, ...rest } = about;
    const state = place === undefined ? null : this.node(place);
    this.#records.push({
      at: this.at,
      kind,
      node: place?.key ?? null,
      visit: state?.visit ?? null,
      attempt: state === null ? null : attemptsOf(state),
      reasonCode: null,
      detail: null,
      actor: null,
      ...rest,
    });
  }

  /** The node's incoming edges have changed: check later whether it is its turn. */
  wake(key: NodeKey): void {
    this.#joins.add(key);
  }

  /** A node of the frame is no longer at work: check later whether the frame has ended. */
  touch(id: FrameId): void {
    this.#touched.add(id);
  }

  isWoken(key: NodeKey): boolean {
    return this.#joins.has(key);
  }

  nextJoin(): NodeKey | undefined {
    return takeFirst(this.#joins);
  }

  /** Inner frames before outer ones. */
  nextTouched(): FrameId | undefined {
    let deepest: FrameId | undefined;
    for (const id of this.#touched) {
      if (deepest === undefined || id.length > deepest.length) deepest = id;
    }
    if (deepest !== undefined) this.#touched.delete(deepest);
    return deepest;
  }

  settle(patch: Partial<Run>): void {
    this.update(patch);
    this.#settled = true;
  }

  finish(): Transition {
    if (!this.#changed) return { run: this.#base, effects: [], records: [], refusal: null };
    const effects = [...this.#effects];
    if (this.#hasNewFrames) this.#run.frames = Object.fromEntries(Object.entries(this.#run.frames));
    for (const [id, live] of this.#live) rememberLive(this.frame(id), live);
    if (this.#visible) effects.push({ type: 'publish' });
    if (this.#settled) effects.push({ type: 'settle' });
    return { run: this.#run, effects, records: this.#records, refusal: null };
  }

  #writeNode(place: Place, state: NodeState): void {
    let nodes = this.#ownNodes.get(place.frame);
    if (nodes === undefined) {
      const own = this.#ownFrame(place.frame);
      nodes = copied(own.nodes);
      own.nodes = nodes;
      this.#ownNodes.set(place.frame, nodes);
    }
    nodes[place.node.id] = state;
    if (isLive(state.status)) this.#live.get(place.frame)?.add(place.node.id);
    else this.#live.get(place.frame)?.delete(place.node.id);
  }

  #ownFrame(id: FrameId): WritableFrame {
    const own = this.#ownFrames.get(id);
    if (own !== undefined) return own;
    // Before the copy, because what is remembered about live nodes belongs to the frame as it was.
    this.live(id);
    const copy = { ...this.frame(id) };
    this.#frameTable()[id] = copy;
    this.#ownFrames.set(id, copy);
    return copy;
  }

  #frameTable(): Record<FrameId, Frame> {
    if (this.#ownFrameTable === null) {
      this.#ownFrameTable = copied(this.#run.frames);
      this.#run.frames = this.#ownFrameTable;
    }
    return this.#ownFrameTable;
  }

  #markVisible(): void {
    this.#changed = true;
    this.#visible = true;
  }

  #missing(what: string, id: string): EngineError {
    return new EngineError(`unknown-${what}`, `Run ${this.#base.id} has no ${what} "${id}".`, {
      runId: this.#base.id,
      [what]: splitKey(id),
    });
  }
}

/**
 * From about 100 keys on, V8 copies an object fast only if it was made in one go, as here or by
 * `Object.fromEntries`, and not key by key: fifty times as fast for a frame of a thousand nodes.
 */
function copied<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.assign({}, record);
}

function takeFirst<T>(set: Set<T>): T | undefined {
  for (const value of set) {
    set.delete(value);
    return value;
  }
  return undefined;
}

import { ofKind } from '../../plan/kinds.ts';
import type { Draft } from '../state/draft.ts';
import { isAtWork } from '../state/find-attempt.ts';
import { ROOT } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import { livePlacesOf } from '../state/place.ts';
import type { FrameId } from '../state/run.ts';
import { framesOf } from '../state/view.ts';
import { parentNode } from './tolerates-failure.ts';
import type { WorkspaceUse } from './workspace-for.ts';
import { useOf } from './workspace-for.ts';

/** Who is at work right now, and so who may still join in. */
export class Occupancy {
  readonly #draft: Draft;
  readonly #slots = new Map<FrameId, number>();
  readonly #readers = new Map<string, number>();
  readonly #writers = new Set<string>();
  #workers = 0;

  constructor(draft: Draft) {
    this.#draft = draft;
    this.#survey(ROOT);
  }

  get workers(): number {
    return this.#workers;
  }

  /** Limits on how many nodes of one frame run at a time. */
  hasSlot(place: Place): boolean {
    const most = slotsOf(this.#draft, place);
    return most === null || (this.#slots.get(place.frame) ?? 0) < most;
  }

  hasWorker(): boolean {
    const most = this.#draft.plan.policies.maxParallel;
    return most === null || this.#workers < most;
  }

  /** Readers may share a worktree; a writer must be alone in it. */
  hasRoom(place: Place): boolean {
    if (!this.hasWorker()) return false;
    const { tree, mode } = useOf(this.#draft, place.frame, place.node);
    if (mode === 'none') return true;
    if (this.#writers.has(tree)) return false;
    return mode === 'read' || (this.#readers.get(tree) ?? 0) === 0;
  }

  addNode(place: Place): void {
    this.#slots.set(place.frame, (this.#slots.get(place.frame) ?? 0) + 1);
  }

  addWorker(place: Place): void {
    this.#workers += 1;
    this.#use(useOf(this.#draft, place.frame, place.node));
  }

  #survey(frame: FrameId): void {
    for (const place of livePlacesOf(this.#draft, frame)) {
      const state = this.#draft.node(place);
      if (state.status !== 'running') continue;
      this.addNode(place);
      if (isAtWork(this.#draft, place)) {
        this.addWorker(place);
        continue;
      }
      for (const inner of framesOf(this.#draft, place.key, place.node, state)) {
        if (inner.frame.status === 'running') this.#survey(inner.id);
      }
    }
  }

  #use({ tree, mode }: WorkspaceUse): void {
    if (mode === 'write') this.#writers.add(tree);
    if (mode === 'read') this.#readers.set(tree, (this.#readers.get(tree) ?? 0) + 1);
  }
}

function slotsOf(draft: Draft, place: Place): number | null {
  const own = place.index.graph.maxParallel;
  const group = ofKind(parentNode(draft, draft.frame(place.frame)), 'group')?.maxParallel ?? null;
  if (own === null || group === null) return own ?? group;
  return Math.min(own, group);
}

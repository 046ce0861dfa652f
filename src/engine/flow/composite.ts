import type { CompositeNode } from '../../plan/kinds.ts';
import type { Draft } from '../state/draft.ts';
import type { Place } from '../state/place.ts';
import type { Completed } from './accept-answer.ts';

/** What a kind of composite node does at each turn of its life. */
export interface Composite<Node extends CompositeNode> {
  /** True when a worker must read or render something before the members are known. A node with `requires` gets one check in any case. */
  readonly needsPreparation: (node: Node) => boolean;
  readonly open: (draft: Draft, place: Place, node: Node) => void;
  readonly prepared: (draft: Draft, place: Place, node: Node, answer: Completed) => void;
  /** A member ended, or may continue after a pause: go on, or end the node. */
  readonly advance: (draft: Draft, place: Place, node: Node) => void;
}

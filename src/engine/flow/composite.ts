import type { CompositeNode } from '../../plan/kinds.ts';
import type { Draft } from '../state/draft.ts';
import type { Place } from '../state/place.ts';
import type { Completed } from './accept-answer.ts';

/** What a kind of node that is made of other nodes does at the turns of its life. */
export interface Composite<Node extends CompositeNode> {
  /** True when a worker has to read or render something before the members are known. A node that requires something has one look for that in any case. */
  readonly needsPreparation: (node: Node) => boolean;
  readonly open: (draft: Draft, place: Place, node: Node) => void;
  readonly prepared: (draft: Draft, place: Place, node: Node, answer: Completed) => void;
  /** A member ended, or may go on after a pause: go on, or end the node. */
  readonly advance: (draft: Draft, place: Place, node: Node) => void;
}

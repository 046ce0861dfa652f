import type { CompositeNode } from '../../plan/kinds.ts';
import type { PlanNode } from '../../plan/plan.ts';
import type { Draft } from '../state/draft.ts';
import type { Place } from '../state/place.ts';
import type { Completed } from './accept-answer.ts';
import { callComposite } from './call-node.ts';
import type { Composite } from './composite.ts';
import { foreachComposite } from './foreach-node.ts';
import { groupComposite } from './group-node.ts';

/** A composite node with its kind's behaviour bound to it; null for any other kind. */
export interface BoundComposite {
  readonly needsPreparation: boolean;
  readonly open: (draft: Draft, place: Place) => void;
  readonly prepared: (draft: Draft, place: Place, answer: Completed) => void;
  readonly advance: (draft: Draft, place: Place) => void;
}

export function compositeOf(node: PlanNode): BoundComposite | null {
  switch (node.kind) {
    case 'call':
      return bind(callComposite, node);
    case 'group':
      return bind(groupComposite, node);
    case 'foreach':
      return bind(foreachComposite, node);
    case 'agent':
    case 'auto':
    case 'gate':
    case 'approval':
    case 'noop':
      return null;
  }
}

function bind<Node extends CompositeNode>(kind: Composite<Node>, node: Node): BoundComposite {
  return {
    // Only a worker can tell whether what a node requires is there.
    needsPreparation: node.requires.length > 0 || kind.needsPreparation(node),
    open: (draft, place) => kind.open(draft, place, node),
    prepared: (draft, place, answer) => kind.prepared(draft, place, node, answer),
    advance: (draft, place) => kind.advance(draft, place, node),
  };
}

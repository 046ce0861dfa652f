import { isObject, type JsonObject } from '../../plan/json.ts';
import type { CallNode } from '../../plan/plan.ts';
import type { Draft } from '../state/draft.ts';
import { frameIdFor } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import { callData } from './compose-answer.ts';
import type { Composite } from './composite.ts';
import { failureIn, membersDrained, membersFailed, membersSucceeded } from './members-ended.ts';
import { openMembers } from './open-members.ts';

/** A sub-workflow: one frame whose results are the node's answer. */
export const callComposite: Composite<CallNode> = {
  needsPreparation: (node) => Object.values(node.params).some(isTemplate),

  open: (draft, place, node) => openCall(draft, place, node, node.params),

  prepared: (draft, place, node, answer) =>
    openCall(draft, place, node, isObject(answer.data) ? answer.data : {}),

  advance: (draft, place) => {
    const id = frameIdFor(place.key, null);
    const frame = draft.frame(id);
    if (frame.status === 'running') return;
    if (frame.status === 'cancelled') return membersDrained(draft, place);
    if (frame.status === 'failed') return membersFailed(draft, place, failureIn(frame, place));
    const headline = `${draft.index(id).graph.id} is done.`;
    membersSucceeded(draft, place, { data: callData(draft, id), headline, warnings: [] });
  },
};

function openCall(draft: Draft, place: Place, node: CallNode, params: JsonObject): void {
  openMembers(draft, place, [{ graph: node.graph, index: null, item: null, params, tries: 0 }]);
}

/** Templates are rendered by a worker; plain values are taken as they are. */
function isTemplate(value: string): boolean {
  return value.includes('{{') || value.includes('{%');
}

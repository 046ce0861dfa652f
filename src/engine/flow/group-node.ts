import type { GroupNode } from '../../plan/plan.ts';
import type { Draft } from '../state/draft.ts';
import { frameIdFor } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import { groupData } from './compose-answer.ts';
import type { Composite } from './composite.ts';
import { failureIn, membersDrained, membersFailed, membersSucceeded } from './members-ended.ts';
import { openMembers } from './open-members.ts';

/** Parallel members with one joint outcome. */
export const groupComposite: Composite<GroupNode> = {
  needsPreparation: () => false,

  open: openGroup,

  prepared: openGroup,

  advance: (draft, place) => {
    const frame = draft.frame(frameIdFor(place.key, null));
    if (frame.status === 'running') return;
    if (frame.status === 'cancelled') return membersDrained(draft, place);
    if (frame.status === 'failed') return membersFailed(draft, place, failureIn(frame, place));
    const states = Object.entries(frame.nodes);
    const done = states.filter(([, state]) => state.status === 'completed').length;
    const failed = states.filter(([, state]) => state.status === 'failed').map(([id]) => id);
    membersSucceeded(draft, place, {
      data: groupData(frame),
      headline: `${done} of ${states.length} members are done.`,
      warnings: failed.map((id) => `${id} failed.`),
    });
  },
};

function openGroup(draft: Draft, place: Place, { graph }: GroupNode): void {
  openMembers(draft, place, [{ graph, index: null, item: null, params: {}, tries: 0 }]);
}

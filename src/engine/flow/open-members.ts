import type { Member } from '../ask/frames.ts';
import { openFrame } from '../ask/frames.ts';
import type { Draft } from '../state/draft.ts';
import type { Place } from '../state/place.ts';
import { membersFailed } from './members-ended.ts';

/** Opens frames below a composite node; false if one could not be opened and the node failed. */
export function openMembers(draft: Draft, place: Place, members: readonly Member[]): boolean {
  draft.updateNode(place, {
    status: 'running',
    phase: 'members',
    execution: null,
    startedAt: draft.node(place).startedAt ?? draft.at,
  });
  for (const member of members) {
    const problem = openFrame(draft, place, member);
    if (problem === null) continue;
    const { reason: code, message } = problem;
    membersFailed(draft, place, { code, message, node: place.key, escalate: false, loop: null });
    return false;
  }
  return true;
}

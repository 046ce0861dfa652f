import { refuse } from './handler.ts';
import { goBack } from './loops.ts';
import { splitKey } from './node-key.ts';
import { stopWork } from './stop-nodes.ts';
import type { Settle } from './verdict.ts';
import { closeGate, guidanceOf } from './verdict.ts';
import { revisionWay } from './way-back.ts';

/** Back to whoever made the artefact, with the person's text. */
export const revise: Settle = (draft, place, gate, event) => {
  if (gate.revise === null) return refuse('not-offered', `Gate ${gate.id} cannot send back.`);
  closeGate(draft, gate, event);
  const { to, max } = gate.revise;
  draft.record('revise', {
    place,
    actor: event.by,
    detail: `round ${gate.round} of ${max}, to ${to}`,
  });
  const { id } = splitKey(to);
  const from = revisionWay(draft, place, id)?.from ?? place;
  // Members side by side with this one are about what is made anew.
  if (from.key !== place.key) stopWork(draft, from, 'superseded');
  goBack(draft, from, id, {
    loop: 'revise',
    iteration: gate.round,
    max,
    failures: [],
    guidance: guidanceOf(event),
    cooldownMs: 0,
    workspace: 'keep',
  });
  return 'applied';
};

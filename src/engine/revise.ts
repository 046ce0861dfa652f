import { refuse } from './handler.ts';
import { goBack } from './loops.ts';
import { splitKey } from './node-key.ts';
import type { Settle } from './verdict.ts';
import { closeGate, guidanceOf } from './verdict.ts';

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
  goBack(draft, place, splitKey(to).id, {
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

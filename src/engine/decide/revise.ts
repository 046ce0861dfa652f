import { goBack, type WayBack } from '../ask/loops.ts';
import { reachBack } from '../ask/reach-back.ts';
import { stopWork } from '../ask/stop-nodes.ts';
import { revisionWay } from '../ask/way-back.ts';
import type { Draft } from '../state/draft.ts';
import { refuse } from '../state/handler.ts';
import { splitKey } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import type { NodeKey } from '../state/run.ts';
import type { Settle } from './close-gate.ts';
import { closeGate, guidanceOf } from './close-gate.ts';

/** Goes back to whoever made the artefact, with the person's text. */
export const revise: Settle = (draft, place, gate, event) => {
  if (gate.revise === null) return refuse('not-offered', `Gate ${gate.id} cannot send back.`);
  closeGate(draft, gate, event);
  const { to, max } = gate.revise;
  draft.record('revise', {
    place,
    actor: event.by,
    detail: `round ${gate.round} of ${max}, to ${to}`,
  });
  const way: WayBack = {
    loop: 'revise',
    iteration: gate.round,
    max,
    failures: (gate.openItems ?? []).map(({ text }) => text).slice(0, 20),
    guidance: guidanceOf(event),
    cooldownMs: 0,
    workspace: 'keep',
  };
  const about = gate.openItems?.[0]?.node;
  if (about === undefined) sendBack(draft, place, to, way);
  else reachBack(draft, place, { judge: about, target: to }, way);
  return 'applied';
};

function sendBack(draft: Draft, place: Place, to: NodeKey, way: WayBack): void {
  const { id } = splitKey(to);
  const from = revisionWay(draft, place, id)?.from ?? place;
  // Members alongside this one are about something that is being redone.
  if (from.key !== place.key) stopWork(draft, from, 'superseded');
  goBack(draft, from, id, way);
}

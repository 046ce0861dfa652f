import { judge } from '../ask/judge.ts';
import { reopenGate } from '../ask/open-gate.ts';
import { voidGate } from '../ask/void-gates.ts';
import { openItemsIn } from '../read/answer-items.ts';
import type { Draft } from '../state/draft.ts';
import type { EditedArtefact } from '../state/event.ts';
import { refuse } from '../state/handler.ts';
import type { Place } from '../state/place.ts';
import { letPass } from './approve.ts';
import type { Settle } from './close-gate.ts';
import { closeGate } from './close-gate.ts';

/**
 * The person's text replaces the artefact. If several people must approve, the others approved
 * something else, so the new artefact gets a new gate with the editor's vote.
 */
export const edit: Settle = (draft, place, gate, event) => {
  const { edited, text, by } = event;
  if (edited === undefined) return refuse('no-artefact', 'The new text is not stored yet.');
  replace(draft, place, edited, text ?? '');
  if (gate.approvers.count > 1) {
    voidGate(draft, gate, 'edited');
    const next = reopenGate(draft, place, gate);
    draft.updateGate(next.id, { votes: [{ by, at: draft.at }] });
    return 'applied';
  }
  closeGate(draft, gate, event);
  letPass(draft, place, gate, by);
  return 'applied';
};

function replace(draft: Draft, place: Place, edited: EditedArtefact, text: string): void {
  const { result } = draft.node(place);
  if (result === null) return;
  const { digest, size, headline } = edited;
  const data = edited.data ?? result.data;
  const openItems = edited.data === undefined ? result.openItems : openItemsIn(edited.data);
  draft.updateNode(place, { result: { ...result, digest, size, headline, data, openItems } });
  draft.updateNode(place, {
    verdicts: judge(draft, place, { outcome: result.outcome, data, text }),
  });
}

import { consentFrom } from '../state/approval-policy.ts';
import type { Draft } from '../state/draft.ts';
import type { RunEvent } from '../state/event.ts';
import type { Handling } from '../state/handler.ts';
import type { Place } from '../state/place.ts';
import type { Gate, Guidance } from '../state/run.ts';

export type Decided = Extract<RunEvent, { readonly type: 'gate.decided' }>;

/** Carries out a verdict that has passed every check. */
export type Settle = (draft: Draft, place: Place, gate: Gate, event: Decided) => Handling;

/** Records the decision in the gate. Whoever decides renews the run's consent. */
export function closeGate(draft: Draft, gate: Gate, event: Decided): void {
  const { verdict, by, text, channel } = event;
  const isAlone = gate.selfApprove === 'if_alone' && event.alone && by === draft.run.starter;
  const decision = { verdict, by, at: draft.at, text, channel, ...(isAlone && { alone: true }) };
  draft.updateGate(gate.id, { status: 'decided', decision });
  draft.record('gate-decided', { reasonCode: verdict, detail: gate.id, actor: by });
  if (verdict !== 'deny' && draft.run.consentUntil !== null) {
    draft.update({ consentUntil: consentFrom(draft) });
  }
}

export function guidanceOf(event: Decided): readonly Guidance[] {
  const { by, text, at } = event;
  return text === null || text.trim() === '' ? [] : [{ by, text, at }];
}

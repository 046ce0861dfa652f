import { writes } from '../../plan/kinds.ts';
import { capReached } from '../ask/budget.ts';
import { openGate } from '../ask/open-gate.ts';
import type { Draft } from '../state/draft.ts';
import { gatesOfKind } from '../state/gates.ts';
import { ROOT } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import type { Gate, GateKind } from '../state/run.ts';
import { failFrame } from './dispose.ts';

/**
 * What keeps every further step from starting: expired consent or an exceeded limit.
 * `acted`: somebody is being asked now, or the run drains; `asked`: still waiting for the answer.
 */
export function holdBack(draft: Draft, place: Place): 'free' | 'acted' | 'asked' {
  const consent = renewConsent(draft, place);
  return consent === 'free' ? respectLimits(draft, place) : consent;
}

function renewConsent(draft: Draft, place: Place): 'free' | 'acted' | 'asked' {
  const { consentUntil } = draft.run;
  const touches = place.node.risky || writes(place.node);
  if (!touches || consentUntil === null || draft.at < consentUntil) return 'free';
  if (isAsked(draft, 'consent', (gate) => !gate.individual)) return 'asked';
  const trigger = 'The consent given at the start has run out.';
  openGate(draft, place, { kind: 'consent', when: 'before', trigger });
  return 'acted';
}

/** Once a limit of the run is exceeded, workers get nothing more to do. */
export function respectLimits(draft: Draft, place: Place): 'free' | 'acted' | 'asked' {
  const breach = draft.run.breach ?? capReached(draft);
  if (breach === null) return 'free';
  if (!breach.pause) {
    const { code, message } = breach;
    failFrame(draft, ROOT, { code, message, node: place.key, escalate: false, loop: null });
    return 'acted';
  }
  if (isAsked(draft, 'budget', (gate) => gate.when === 'before')) return 'asked';
  openGate(draft, place, { kind: 'budget', when: 'before', trigger: breach.message });
  return 'acted';
}

function isAsked(draft: Draft, kind: GateKind, fits: (gate: Gate) => boolean): boolean {
  return gatesOfKind(draft.run, kind).some((gate) => gate.status === 'open' && fits(gate));
}

import type { Decided } from '../decide/close-gate.ts';
import { SETTLE } from '../decide/settle-table.ts';
import type { Draft } from '../state/draft.ts';
import type { Refusal } from '../state/event.ts';
import { isBound } from '../state/gates.ts';
import type { Handling } from '../state/handler.ts';
import { refuse } from '../state/handler.ts';
import { findPlace } from '../state/place.ts';
import type { Gate, Verdict } from '../state/run.ts';

/** A person decides at a gate. The first final decision wins, and only if nothing has moved. */
export function gateDecided(draft: Draft, event: Decided): Handling {
  const gate = draft.run.gates.find(({ id }) => id === event.gate);
  const place = gate === undefined ? null : findPlace(draft, gate.node);
  if (gate === undefined || place === null) {
    return refuse('no-such-gate', `There is no gate ${event.gate}.`);
  }
  return refusalFor(draft, gate, event) ?? SETTLE[event.verdict](draft, place, gate, event);
}

type Check = (gate: Gate, event: Decided, draft: Draft) => Refusal | null;

const WITH_TEXT: ReadonlySet<Verdict> = new Set(['revise', 'guide', 'edit', 'answer']);
const VOTES: ReadonlySet<Verdict> = new Set(['approve', 'edit', 'override']);

/** Checked in this order; the first refusal is the answer. */
const CHECKS: readonly Check[] = [
  isOpen,
  isOffered,
  namesTheHead,
  saysWhat,
  hasRoundsLeft,
  mayDecideOwn,
  votesOnce,
];

function refusalFor(draft: Draft, gate: Gate, event: Decided): Refusal | null {
  for (const check of CHECKS) {
    const refusal = check(gate, event, draft);
    if (refusal !== null) return refusal;
  }
  return null;
}

function isOpen(gate: Gate, event: Decided): Refusal | null {
  switch (gate.status) {
    case 'decided':
      return refuse(
        'already-decided',
        `${gate.decision?.by ?? 'Somebody'} has already decided gate ${gate.id}.`,
      );
    case 'void':
      return refuse('void', `Gate ${gate.id} is void: ${gate.voidReason ?? 'superseded'}.`);
    case 'expired':
      return expired(gate);
    case 'open':
      return gate.expiresAt !== null && gate.expiresAt <= event.at ? expired(gate) : null;
  }
}

function expired(gate: Gate): Refusal {
  return refuse('expired', `Gate ${gate.id} was not decided in time.`);
}

function isOffered(gate: Gate, { verdict }: Decided): Refusal | null {
  if (gate.verdicts.includes(verdict)) return null;
  const offered = gate.verdicts.join(', ');
  return refuse('not-offered', `Gate ${gate.id} does not take "${verdict}", only ${offered}.`);
}

function namesTheHead(gate: Gate, { headSha, sha }: Decided): Refusal | null {
  const moved = isBound(gate) && gate.subject.headSha !== headSha;
  const misnamed = sha !== null && sha !== (isBound(gate) ? gate.subject.headSha : headSha);
  if (!moved && !misnamed) return null;
  return refuse('head-moved', `Gate ${gate.id} is about ${gate.subject.headSha ?? 'no commit'}.`);
}

function saysWhat(gate: Gate, { verdict, text }: Decided): Refusal | null {
  if (!WITH_TEXT.has(verdict) || (text ?? '').trim() !== '') return null;
  return refuse('no-text', `"${verdict}" on gate ${gate.id} needs a text.`);
}

function hasRoundsLeft(gate: Gate, { verdict }: Decided): Refusal | null {
  if (verdict !== 'revise' || gate.revise === null || gate.revise.left > 0) return null;
  const { max } = gate.revise;
  return refuse('no-rounds-left', `All ${max} rounds of revision are used: approve or deny.`);
}

function mayDecideOwn(gate: Gate, event: Decided, draft: Draft): Refusal | null {
  if (!VOTES.has(event.verdict) || event.by !== draft.run.starter) return null;
  const allowed = gate.selfApprove === 'allow' || (gate.selfApprove === 'if_alone' && event.alone);
  if (allowed) return null;
  return refuse('self-approval', `${event.by} started this run; somebody else has to decide.`);
}

function votesOnce(gate: Gate, { verdict, by }: Decided): Refusal | null {
  if (!VOTES.has(verdict) || !gate.votes.some((vote) => vote.by === by)) return null;
  return refuse('already-voted', `${by} has already approved gate ${gate.id}.`);
}

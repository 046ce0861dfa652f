import type { Draft } from '../state/draft.ts';
import type { Gate, NodeKey } from '../state/run.ts';

/** Closes the open gates of one node; later decisions on them are refused. */
export function voidGatesOf(draft: Draft, node: NodeKey, reason: string): void {
  for (const gate of draft.run.gates) {
    if (gate.status === 'open' && gate.node === node) voidGate(draft, gate, reason);
  }
}

export function voidOpenGates(draft: Draft, reason: string): void {
  for (const gate of draft.run.gates) {
    if (gate.status === 'open') voidGate(draft, gate, reason);
  }
}

export function voidGate(draft: Draft, gate: Gate, reason: string): void {
  draft.updateGate(gate.id, { status: 'void', voidReason: reason });
  draft.record('gate-void', { reasonCode: reason, detail: gate.id });
}

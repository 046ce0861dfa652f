import type { Gate, NodeKey, Run } from '../../engine/state/run.ts';

export function openGateAt(run: Run, node: NodeKey): Gate | undefined {
  return run.gates.find((gate) => gate.node === node && gate.status === 'open');
}

/** What people call the thing they decide on: the output's name, or the step it comes from. */
export function artefactOf(gate: Gate): string {
  return gate.openItems === undefined ? (gate.subject.output ?? gate.subject.node) : 'open items';
}

/** Teams and people a gate names, as `acme/core, lee`; empty if it only asks for a role. */
export function namedDeciders(gate: Gate, owner: string, mention: '' | '@'): string {
  const { teams, users } = gate.approvers;
  const names = [
    ...teams.map((team) => (team.includes('/') ? team : `${owner}/${team}`)),
    ...users,
  ];
  return names.map((name) => mention + name.replace(/[^\w/-]/g, '')).join(', ');
}

/** The role a gate asks for; `read` alone decides nothing, so it stands for the next one. */
export function decidingRole(gate: Gate): string {
  return gate.approvers.role === 'read' ? 'triage' : gate.approvers.role;
}

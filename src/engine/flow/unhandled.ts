import type { Outcome } from '../../plan/condition.ts';
import { kindOf } from '../../plan/kinds.ts';
import { isExpected, leadsOn } from '../ask/settle-edges.ts';
import { edgesOutOf } from '../state/graph-index.ts';
import type { Place } from '../state/place.ts';
import type { NodeState } from '../state/run.ts';
import type { Defeat } from './defeat.ts';
import { defeat, escalation } from './defeat.ts';

interface Rule {
  readonly code: string;
  readonly escalate: boolean;
  /** True: an unconditional edge is enough to go on; false: there must be an explicit condition. */
  readonly anyEdge: boolean;
}

const RULES: Readonly<Record<Outcome, Rule | null>> = {
  ok: null,
  waived: null,
  revise: { code: 'needs-revision', escalate: false, anyEdge: true },
  stub: { code: 'stub-detected', escalate: false, anyEdge: true },
  redesign: { code: 'needs-redesign', escalate: true, anyEdge: false },
  escalate: { code: 'escalated', escalate: true, anyEdge: false },
  halt: { code: 'halted', escalate: true, anyEdge: false },
};

/** Why an answer that no loop takes up stops the flow; null if it goes on. */
export function unhandledOutcome(place: Place, state: NodeState): Defeat | null {
  const { result } = state;
  if (result === null) return null;
  const rule = RULES[result.outcome];
  if (rule === null) return result.outcome === 'ok' ? missedRoutes(place, state) : null;
  const isGate = kindOf(place.node).settledBy === 'criteria';
  const handled = rule.anyEdge && !isGate ? leadsOn(place, state) : isExpected(place, state);
  if (handled) return null;
  const code = isGate ? 'gate-failed' : rule.code;
  return rule.escalate ? escalation(code, result.headline) : defeat(code, result.headline);
}

/** An unconditional edge is not a route: one of the router's named routes must match. */
function missedRoutes(place: Place, state: NodeState): Defeat | null {
  if (place.node.mustRoute !== true || isExpected(place, state)) return null;
  const routes = edgesOutOf(place.index, place.node.id).filter(
    ({ when }) => when.type !== 'always',
  );
  const names = routes.map(({ to }) => `\`${to}\``).join(', ');
  const said = state.result?.headline ?? '';
  return defeat(
    'no-route',
    `No route fits this answer, and there is no default: ${said} (routes: ${names})`,
  );
}

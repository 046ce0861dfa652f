import { scripted } from '#src/doctor/simulate/cast.ts';
import { type Play, play } from '#src/doctor/simulate/play.ts';
import { Script } from '#src/doctor/simulate/script.ts';
import { splitKey } from '#src/engine/state/node-key.ts';
import type { Plan } from '#src/plan/plan.ts';
import { planOf } from './built-in.ts';

export interface Played {
  /** Agents in the order they answered; `[S]` where a person decided. */
  readonly steps: readonly string[];
  readonly run: Play['run'];
}

/** Plays a built-in workflow; what the script leaves open takes the first way and is approved. */
export function played(name: string, script: unknown): Played {
  const plan = planOf(name);
  const { acts, run } = play(plan, {}, scripted(plan, Script.parse(script)));
  const agents = agentIds(plan);
  const steps = acts.flatMap(({ move }) => {
    if (move === null) return [];
    if (move.type === 'verdict') return ['[S]'];
    if (move.type !== 'answer' && move.type !== 'failure') return [];
    const { id } = splitKey(move.node);
    return agents.has(id) ? [id] : [];
  });
  return { steps, run };
}

function agentIds(plan: Plan): ReadonlySet<string> {
  const nodes = Object.values(plan.graphs).flatMap((graph) => graph.nodes);
  return new Set(nodes.filter(({ kind }) => kind === 'agent').map(({ id }) => id));
}

import type { Diagnosis } from '../language/problems/diagnosis.ts';
import { COMPLETE, type Graph, type Plan } from '../plan/plan.ts';

/** A state machine: steps that no signal reaches, and steps from which no end can be reached. */
export function examineMachine(plan: Plan, graph: Graph): readonly Diagnosis[] {
  const steps = graph.nodes.filter((node) => !node.finally);
  const first = steps[0];
  if (graph.mode !== 'state-machine' || first === undefined) return [];
  const reached = reach(first.id, (id) =>
    graph.edges.filter(({ from }) => from === id).map(({ to }) => to),
  );
  const ends = graph.edges.map(({ to }) => to).filter((to) => to.startsWith('$'));
  const leaving = new Set(
    [...new Set([...ends, COMPLETE])].flatMap((end) => [
      ...reach(end, (id) => graph.edges.filter(({ to }) => to === id).map(({ from }) => from)),
    ]),
  );
  const say = (
    id: string,
    line: number | null,
    rule: 'unreachable' | 'never-left',
    message: string,
  ): Diagnosis => ({
    path: plan.source.path,
    line: line ?? 1,
    column: 1,
    rule,
    severity: 'error',
    message: message.replaceAll('%', `\`${id}\``),
  });
  return steps.flatMap(({ id, line }) => [
    ...(reached.has(id)
      ? []
      : [
          say(
            id,
            line,
            'unreachable',
            'step % is never reached: no rule of a reached step leads to it.',
          ),
        ]),
    ...(leaving.has(id)
      ? []
      : [
          say(
            id,
            line,
            'never-left',
            'step % can never be left: none of its rules leads to an end.',
          ),
        ]),
  ]);
}

function reach(start: string, next: (id: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set([start]);
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const other of next(id)) {
      if (found.has(other)) continue;
      found.add(other);
      open.push(other);
    }
  }
  return found;
}

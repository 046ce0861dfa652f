import type { GraphIndex } from '../state/graph-index.ts';
import type { Frame, Guidance, LoopContext, NodeState } from '../state/run.ts';
import { previousAttempts } from './loops.ts';

/**
 * Tells the first steps inside a group, foreach or sub-workflow why it was sent back, since they do
 * the work. What people told one of them earlier still holds.
 */
export function handDown(
  frame: Frame,
  index: GraphIndex,
  context: LoopContext,
  { id, earlier }: { readonly id: string; readonly earlier: Frame | null },
): Frame {
  const told = index.graph.nodes
    .filter((node) => !index.incoming.has(node.id) && !node.finally)
    .flatMap((node): [string, NodeState][] => {
      const state = frame.nodes[node.id];
      if (state?.status !== 'idle') return [];
      const before = earlier?.nodes[node.id] ?? null;
      const key = id + node.id;
      return [[node.id, { ...state, loopContext: contextFor(frame, context, { key, before }) }]];
    });
  return { ...frame, nodes: { ...frame.nodes, ...Object.fromEntries(told) } };
}

function contextFor(
  { parent }: Frame,
  { source, ...context }: LoopContext,
  { key, before }: { readonly key: string; readonly before: NodeState | null },
): LoopContext {
  const own = before === null || before.result === null ? null : { node: key, visit: before.visit };
  const sentBy = source?.node === parent ? own : (source ?? null);
  return {
    ...context,
    guidance: withEarlier(before?.loopContext?.guidance ?? [], context.guidance),
    previousAttempts: before === null ? [] : previousAttempts(before),
    ...(sentBy !== null && { source: sentBy }),
    workspace: 'keep',
  };
}

function withEarlier(earlier: readonly Guidance[], later: readonly Guidance[]): Guidance[] {
  return [...earlier, ...later.filter((said) => !earlier.some((one) => isSame(one, said)))];
}

function isSame(one: Guidance, other: Guidance): boolean {
  return one.by === other.by && one.at === other.at && one.text === other.text;
}

import { ROOT } from '../../engine/state/node-key.ts';
import type { NodeStatus, Run } from '../../engine/state/run.ts';
import { isComposite, kindOf } from '../../plan/kinds.ts';
import type { Graph, Plan, PlanNode } from '../../plan/plan.ts';
import { plainLine } from '../text/clean-text.ts';

/**
 * The workflow as a Mermaid flowchart, coloured by state. Drawn only from our own graph; names in
 * it are written as character codes wherever they are not plain letters. Null if too large to read.
 */
export function renderDiagram(plan: Plan, run: Run): string | null {
  const frame = run.frames[ROOT];
  const graph = plan.graphs[plan.main];
  if (graph === undefined || graph.nodes.length === 0 || graph.nodes.length > MAX_NODES)
    return null;
  const names = new Map(graph.nodes.map(({ id }, index) => [id, `n${index + 1}`]));
  const used = new Set<Style>();
  const nodes = graph.nodes.map((node) => {
    const style = STYLE_FOR[frame?.nodes[node.id]?.status ?? 'idle'];
    used.add(style);
    return `  ${names.get(node.id)}${shapeOf(node)}:::${style}`;
  });
  return [
    `flowchart ${graph.nodes.length > LONG_CHAIN ? 'TD' : 'LR'}`,
    ...nodes,
    ...linesOf(graph, names),
    ...[...used].toSorted().map((style) => `  classDef ${style} ${STYLES[style]}`),
  ].join('\n');
}

const MAX_NODES = 60;
/** A longer row no longer fits beside a comment's margin. */
const LONG_CHAIN = 8;

function linesOf(graph: Graph, names: ReadonlyMap<string, string>): string[] {
  const edges = graph.edges.flatMap(({ from, to, when }) => {
    const [source, target] = [names.get(from), names.get(to)];
    if (source === undefined || target === undefined) return [];
    return [`  ${source} ${when.type === 'always' ? '-->' : '-. if .->'} ${target}`];
  });
  const loops = graph.loops.flatMap(({ from, to, max }) => {
    const [source, target] = [names.get(from), names.get(to)];
    if (source === undefined || target === undefined) return [];
    return [`  ${source} -. "again, at most ${max}" .-> ${target}`];
  });
  return [...edges, ...loops];
}

/** A step that holds others has a double frame; a person's decision is rounded. */
function shapeOf(node: PlanNode): string {
  const label = `"${escapeLabel(node.title ?? node.id)}"`;
  if (isComposite(node)) return `[[${label}]]`;
  return kindOf(node).settledBy === 'person' ? `([${label}])` : `[${label}]`;
}

/**
 * Mermaid reads `#35;` as the character with that number, whatever it would otherwise mean; it also
 * refuses empty labels and those that look like a list.
 */
function escapeLabel(text: string): string {
  const label = plainLine(text, 40) || 'step';
  return label.replace(/^-|[^\p{L}\p{M}\p{N} _-]/gu, (char) => `#${char.codePointAt(0)};`);
}

const STYLES = {
  idle: 'fill:#f6f8fa,stroke:#8c959f,color:#1f2328',
  run: 'fill:#ddf4ff,stroke:#0969da,color:#1f2328',
  wait: 'fill:#fff8c5,stroke:#bf8700,color:#1f2328',
  ok: 'fill:#dafbe1,stroke:#1a7f37,color:#1f2328',
  skip: 'fill:#ffffff,stroke:#8c959f,color:#59636e,stroke-dasharray:3 3',
  fail: 'fill:#ffebe9,stroke:#cf222e,color:#1f2328',
} as const;
type Style = keyof typeof STYLES;

const STYLE_FOR: Readonly<Record<NodeStatus, Style>> = {
  idle: 'idle',
  ready: 'run',
  running: 'run',
  'awaiting-input': 'wait',
  'awaiting-approval': 'wait',
  completed: 'ok',
  skipped: 'skip',
  blocked: 'skip',
  cancelled: 'skip',
  failed: 'fail',
};

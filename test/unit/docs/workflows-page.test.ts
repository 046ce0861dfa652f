import { describe, expect, it } from 'vitest';
import type { Plan, PlanNode } from '#src/plan/plan.ts';
import { folder, graphOf, planOf } from '../builtin/built-in.ts';
import { readPage } from './read-pages.ts';

const { text } = readPage('docs/workflows.md');
const NAMES = [...folder.definitions.keys()];

/** Cells of the row whose first cell is the name of a workflow. */
function rowOf(name: string): string[] | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`| \`${name}\` |`));
  return line
    ?.split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** Those of its groups and items included, and not those of the workflows it calls. */
function ownNodes(plan: Plan, graph = graphOf(plan)): readonly PlanNode[] {
  return graph.nodes.flatMap((node) => {
    const inner = 'graph' in node && node.kind !== 'call' ? plan.graphs[node.graph] : undefined;
    return inner === undefined ? [node] : [node, ...ownNodes(plan, inner)];
  });
}

describe('the page about workflows', () => {
  it.each(NAMES)('says what %s is for, its steps and what it leaves', (name) => {
    const row = rowOf(name);

    expect(row).toHaveLength(4);
    expect(row?.filter((cell) => cell === '')).toEqual([]);
  });

  it.each(NAMES.filter((name) => planOf(name).dialect !== 'agentic-layer'))(
    'marks each step of %s at which people decide',
    (name) => {
      const decided = ownNodes(planOf(name))
        .filter(({ stopPoint, approval }) => stopPoint || approval !== null)
        .map(({ id }) => id);

      const [, , steps = ''] = rowOf(name) ?? [];

      const marked = [...steps.matchAll(/([\w-]+)(?: \([^)]*\))? \[S\]/g)].map(([, id]) => id);
      expect(marked).toEqual(decided);
    },
  );

  it('names no workflow that does not come with the app', () => {
    const tables = text.slice(0, text.indexOf('## Sizes'));
    const rows = [...tables.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);

    expect(rows.filter((name) => name !== undefined && !folder.definitions.has(name))).toEqual([]);
  });
});

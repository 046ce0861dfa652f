import { edgesOutOf, indexOf } from '../../engine/state/graph-index.ts';
import { splitKey } from '../../engine/state/node-key.ts';
import type { Gate } from '../../engine/state/run.ts';
import type { PlanNode } from '../../plan/plan.ts';
import { code } from '../text/clean-text.ts';
import { joinWords } from '../text/format.ts';
import type { ReportInput } from './report-input.ts';

/** What an approval makes possible, based on the steps that come next. */
export function nextSteps({ plan, run }: ReportInput, gate: Gate): string {
  const { frame: frameId, id } = splitKey(gate.node);
  const frame = run.frames[frameId];
  const graph = frame && plan.graphs[frame.graph];
  if (graph === undefined) return 'the run goes on.';
  const index = indexOf(graph);
  const following = edgesOutOf(index, id).flatMap(({ to }) => index.nodes.get(to) ?? []);
  const own = index.nodes.get(id);
  const next = gate.when === 'before' && own !== undefined ? [own] : following;
  if (next.length === 0) return `${lastWords(frameId)} ${pushed(run.headSha)}`.trim();
  const shown = byRights(next.slice(0, MOST)).map(describe);
  const more = next.length > MOST ? ` and ${next.length - MOST} more` : '';
  return `${joinWords(shown)}${more} ${next.length === 1 ? 'starts' : 'start'}. ${pushed(run.headSha)}`.trim();
}

const MOST = 6;

/** Steps with the same permissions are mentioned together, in the order of their first. */
function byRights(nodes: readonly PlanNode[]): readonly (readonly PlanNode[])[] {
  const groups = new Map<string, PlanNode[]>();
  for (const node of nodes) {
    const rights = RIGHTS[node.workspace].one;
    groups.set(rights, [...(groups.get(rights) ?? []), node]);
  }
  return [...groups.values()];
}

function describe(nodes: readonly PlanNode[]): string {
  const [first] = nodes;
  const { one, many } = RIGHTS[first?.workspace ?? 'none'];
  return `${joinWords(nodes.map(({ id }) => code(id)))} (${nodes.length === 1 ? one : many})`;
}

const RIGHTS = {
  none: { one: 'without the code', many: 'without the code' },
  read: { one: 'reads the code', many: 'each reads the code' },
  write: { one: 'may change the code', many: 'each may change the code' },
  isolated: { one: 'may change the code', many: 'each may change the code' },
} as const;

function lastWords(frameId: string): string {
  return frameId === '' ? 'this was the last step; the run finishes.' : 'the run goes on.';
}

function pushed(headSha: string | null): string {
  return headSha === null ? 'Nothing has been pushed so far.' : '';
}

import { edgesOutOf, indexOf } from '../engine/graph-index.ts';
import { splitKey } from '../engine/node-key.ts';
import type { Gate } from '../engine/run.ts';
import type { PlanNode } from '../workflow/plan.ts';
import { code } from './clean-text.ts';
import { joinWords } from './format.ts';
import type { ReportInput } from './report-input.ts';

/** What an approval makes possible, read off the steps that come next. */
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
  const steps = joinWords(next.slice(0, 6).map(describe));
  const more = next.length > 6 ? ` and ${next.length - 6} more` : '';
  return `${steps}${more} ${next.length === 1 ? 'starts' : 'start'}. ${pushed(run.headSha)}`.trim();
}

function describe(node: PlanNode): string {
  return `${code(node.id)} (${RIGHTS[node.workspace]})`;
}

const RIGHTS = {
  none: 'without the code',
  read: 'reads the code',
  write: 'may change the code',
  isolated: 'may change the code',
} as const;

function lastWords(frameId: string): string {
  return frameId === '' ? 'this was the last step; the run finishes.' : 'the run goes on.';
}

function pushed(headSha: string | null): string {
  return headSha === null ? 'Nothing has been pushed so far.' : '';
}

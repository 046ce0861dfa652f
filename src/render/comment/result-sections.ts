import { edgesOutOf, indexOf } from '../../engine/state/graph-index.ts';
import type { NodeKey } from '../../engine/state/run.ts';
import { comparesRuns } from '../../plan/kinds.ts';
import type { PlanNode } from '../../plan/plan.ts';
import { keepEnds } from '../text/clean-block.ts';
import { plainLine } from '../text/clean-text.ts';
import { fold } from './comment-frame.ts';
import type { ReportInput } from './report-input.ts';

/** Characters of everything shown; GitHub allows 65,536 in a comment, and cleaning adds some. */
const MOST_CHARACTERS = 30_000;

/**
 * What the last steps wrote, if that is all a run leaves behind: it made no commit, so there is no
 * pull request to look at.
 */
export function resultSections(input: ReportInput): readonly string[] {
  const { run, outputs } = input;
  if (run.status !== 'succeeded' || run.headSha !== null) return [];
  const keys = lastSteps(input);
  const room = Math.floor(MOST_CHARACTERS / Math.max(1, keys.length));
  return keys.map((key) => {
    const { name, text } = outputs[key] ?? { name: null, text: '' };
    const title = plainLine((name ?? key).replaceAll('_', ' '), 80).replace(/[<>&]/g, '');
    const body = keepEnds(text, Math.floor(room * 0.7), Math.floor(room * 0.3));
    return fold(title, body, 'open');
  });
}

/** Completed steps that nothing came after; in a state machine, the one that ended last. */
function lastSteps({ plan, run, outputs }: ReportInput): readonly NodeKey[] {
  const frame = run.frames[''];
  const graph = frame && plan.graphs[frame.graph];
  if (frame === undefined || graph === undefined) return [];
  const index = indexOf(graph);
  const work = graph.nodes.filter(
    (node) => isWork(node) && frame.nodes[node.id]?.status === 'completed',
  );
  const isDone = (id: string) => work.some((node) => node.id === id);
  const written = work.filter(({ id }) => (outputs[id]?.text ?? '').trim() !== '');
  const last = written.filter(({ id }) => !edgesOutOf(index, id).some(({ to }) => isDone(to)));
  const endedAt = (id: string) => frame.nodes[id]?.finishedAt ?? '';
  const chosen =
    last.length > 0
      ? last
      : written.toSorted((a, b) => (endedAt(a.id) < endedAt(b.id) ? -1 : 1)).slice(-1);
  return chosen.map(({ id }) => id);
}

/** The comparison with earlier runs comes last, but nobody started the run for it. */
function isWork(node: PlanNode): boolean {
  return !node.finally && !comparesRuns(node);
}

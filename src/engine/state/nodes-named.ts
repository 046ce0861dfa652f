import type { Plan } from '../../plan/plan.ts';
import { graphOf } from './new-run.ts';
import type { NodeKey, Run } from './run.ts';

/**
 * The nodes a person means by a word: the one with that key; else those of the workflow itself with
 * that id or output; else those inside its groups, foreach members and sub-workflows.
 */
export function nodesNamed(plan: Plan, run: Run, word: string): readonly NodeKey[] {
  const wanted = plain(word);
  const all = Object.entries(run.frames).flatMap(([frameId, frame]) =>
    graphOf(plan, frame.graph).nodes.map(({ id, output }) => ({
      key: frameId + id,
      isRoot: frameId === '',
      isNamed: plain(id) === wanted || (output !== null && plain(output) === wanted),
    })),
  );
  const exact = all.filter(({ key }) => plain(key) === wanted);
  const named = all.filter(({ isNamed }) => isNamed);
  const ofRoot = named.filter(({ isRoot }) => isRoot);
  const meant = [exact, ofRoot, named].find((nodes) => nodes.length > 0) ?? [];
  return meant.map(({ key }) => key);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

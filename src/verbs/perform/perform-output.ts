import type { OutputCommand } from '../../commands/command.ts';
import { nodesNamed } from '../../engine/state/nodes-named.ts';
import type { NodeKey } from '../../engine/state/run.ts';
import { renderNothingFound } from '../../render/answer/answer.ts';
import { renderNoOutput, renderOutput } from '../../render/comment/output-comments.ts';
import { readStepOutput } from '../../runs/read-step-output.ts';
import { type StoredRun } from '../../runs/stored-run.ts';
import { readThreadRuns } from '../../runs/thread-runs.ts';
import type { Performed } from '../performed.ts';
import { ABOUT_NO_RUN, performer, type RequestFor } from '../performer.ts';
import type { VerbDeps } from '../verb-deps.ts';

/** Shows all of a step's answer, of which reports and prompts show only the beginning. */
export const performOutput = performer<OutputCommand, null>({
  about: async () => ABOUT_NO_RUN,
  act,
});

async function act(deps: VerbDeps, request: RequestFor<OutputCommand>): Promise<Performed> {
  const { command, repository, number } = request;
  const { prefix } = deps.settings;
  const runs = await readThreadRuns(deps.runs, { repositoryId: repository.id, number });
  const found = findNodes(command, runs);
  if (found === null)
    return { moment: 'not-understood', answer: renderNothingFound(command.step, prefix) };
  const { stored, nodes } = found;
  const [node, ...others] = nodes;
  const runId = stored.run.id;
  if (node === undefined || others.length > 0)
    return { moment: 'not-understood', answer: renderNoOutput(command.step, runId, nodes, prefix) };
  const output = await readStepOutput(deps.runs, stored, node);
  if (output === null) {
    const answer = renderNoOutput(node, runId, membersOf(stored, node), prefix);
    return { moment: 'not-understood', answer };
  }
  const shown = { ...output, step: node, run: runId };
  return { moment: 'nothing-to-do', answer: renderOutput(shown, command.from, prefix) };
}

/** The newest run of the thread that has a step of that name, or the named run. */
function findNodes(
  { step, run }: OutputCommand,
  runs: readonly StoredRun[],
): { readonly stored: StoredRun; readonly nodes: readonly NodeKey[] } | null {
  for (const stored of runs) {
    if (run !== null && stored.run.id !== run) continue;
    const nodes = nodesNamed(stored.plan, stored.run, step);
    if (nodes.length > 0) return { stored, nodes };
  }
  return null;
}

/** A group, foreach or sub-workflow answers through its members. */
function membersOf({ run }: StoredRun, node: NodeKey): readonly NodeKey[] {
  return Object.entries(run.frames)
    .filter(([, { parent }]) => parent === node)
    .flatMap(([frameId, { nodes }]) => Object.keys(nodes).map((id) => frameId + id));
}

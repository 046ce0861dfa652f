import { visibleOutputs } from '../engine/visible-outputs.ts';
import { type PromptOutput, type RenderedPrompt, renderPrompt } from '../render/prompt.ts';
import { type Output, readOutputs } from '../store/outputs.ts';
import type { Attempt } from './execute-node.ts';
import type { JobDeps } from './job-deps.ts';

/** What one prompt may hold of one earlier output; the rest is fetched with `get_output`. */
const MAX_OUTPUT = 50_000;

/** Renders the step's prompt with the outputs it may see, read now. */
export async function promptFor(deps: JobDeps, { stored, node }: Attempt): Promise<RenderedPrompt> {
  const { run, plan, context } = stored;
  const visible = visibleOutputs(plan, run, node);
  const read = await readOutputs(deps.runs.db, run.id, visible);
  const byPlace = new Map(read.map((output) => [`${output.node}@${output.visit}`, output]));
  const outputs = visible.map(
    ({ name, node: from, visit, empty, cutTo }): [string, PromptOutput] => {
      const output = empty ? undefined : byPlace.get(`${from}@${visit}`);
      return [name, promptOutput(output, Math.min(cutTo ?? MAX_OUTPUT, MAX_OUTPUT))];
    },
  );
  return renderPrompt({ plan, run, context, node, outputs: Object.fromEntries(outputs) });
}

function promptOutput(output: Output | undefined, limit: number): PromptOutput {
  if (output === undefined) return { text: '', data: null, truncated: false, size: 0, keys: [] };
  const { text, data, size } = output;
  const keys =
    typeof data === 'object' && data !== null && !Array.isArray(data) ? Object.keys(data) : [];
  return { text: text.slice(0, limit), data, truncated: text.length > limit, size, keys };
}

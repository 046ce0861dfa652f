import { visibleOutputs } from '../../engine/read/visible-outputs.ts';
import { ancestorsOf, indexOf } from '../../engine/state/graph-index.ts';
import { graphOf } from '../../engine/state/new-run.ts';
import { splitKey } from '../../engine/state/node-key.ts';
import type { NodeKey, Run } from '../../engine/state/run.ts';
import type { RunContext } from '../../engine/state/run-context.ts';
import { parseTemplate } from '../../language/template/parse-template.ts';
import { TemplateError } from '../../language/template/template-error.ts';
import { findUses } from '../../language/template/template-names.ts';
import type { Json } from '../../plan/json.ts';
import type { AgentNode, Plan } from '../../plan/plan.ts';
import { type RenderedPrompt, renderPrompt } from '../prompt/prompt.ts';
import { type PromptOutput } from '../prompt/prompt-input.ts';
import { withPath } from './sample.ts';

export interface PreviewRequest {
  readonly plan: Plan;
  readonly run: Run;
  readonly context: RunContext;
}

/** A step's prompt as it will be sent, with a note wherever an earlier result will be. */
export function previewPrompt(
  { plan, run, context }: PreviewRequest,
  key: NodeKey,
  node: AgentNode,
): RenderedPrompt {
  const visible = visibleOutputs(plan, run, key);
  const uses = pathsIn(node.prompt, filesOf(plan, node), []);
  const outputs = visible.map(({ name, node: from }): [string, PromptOutput] => {
    const { frame, id } = splitKey(from);
    const known = run.frames[frame]?.nodes[id]?.result?.data ?? null;
    return [name, placeholderFor(name, id, known, uses)];
  });
  const before = beforeStep(plan, run, key);
  return renderPrompt({
    plan,
    run: before,
    context,
    node: key,
    outputs: Object.fromEntries(outputs),
  });
}

function placeholderFor(
  name: string,
  step: string,
  known: Json,
  uses: readonly (readonly string[])[],
): PromptOutput {
  const fields = uses.filter(([first, second]) => first === name && second !== undefined);
  let data = known;
  for (const [, ...path] of fields) data = withPath(data, path, name);
  const text = `[${name}: what step ${step} answers]`;
  return { text, data, truncated: false, size: text.length, keys: [] };
}

/** A called workflow's files have its folder as a prefix. */
function filesOf({ files = {} }: Plan, { meta }: AgentNode): Readonly<Record<string, string>> {
  const { folder } = meta;
  if (typeof folder !== 'string') return files;
  const prefix = `${folder}:`;
  const own = Object.entries(files).filter(([path]) => path.startsWith(prefix));
  return Object.fromEntries(own.map(([path, text]) => [path.slice(prefix.length), text]));
}

/** Every dotted name that a template and the files it includes read. */
function pathsIn(
  template: string,
  files: Readonly<Record<string, string>>,
  trail: readonly string[],
): readonly (readonly string[])[] {
  try {
    const { names, includes } = findUses(parseTemplate(template));
    const inner = includes.flatMap(({ file }) =>
      trail.includes(file) ? [] : pathsIn(files[file] ?? '', files, [...trail, file]),
    );
    return [...names.map(({ path }) => path), ...inner];
  } catch (error) {
    // A template that cannot be parsed is reported when it is rendered.
    if (error instanceof TemplateError) return [];
    throw error;
  }
}

/** The moment the step starts: only what comes before it has said anything yet. */
function beforeStep(plan: Plan, run: Run, key: NodeKey): Run {
  const { frame, id } = splitKey(key);
  const state = run.frames[frame];
  if (state === undefined) return run;
  const earlier = ancestorsOf(indexOf(graphOf(plan, state.graph)), id);
  const nodes = Object.entries(state.nodes).map(
    ([other, node]) => [other, earlier.has(other) ? node : { ...node, result: null }] as const,
  );
  return {
    ...run,
    frames: { ...run.frames, [frame]: { ...state, nodes: Object.fromEntries(nodes) } },
  };
}

import { splitKey } from '../../engine/state/node-key.ts';
import type { FrameId, LoopContext, Run } from '../../engine/state/run.ts';
import type { Subject } from '../../engine/state/run-context.ts';
import type { Json, JsonObject } from '../../plan/json.ts';
import { kindOf, ofKind } from '../../plan/kinds.ts';
import type { Plan } from '../../plan/plan.ts';
import type { TemplateVariable } from '../template/template.ts';
import { MAX_INJECTED } from './data-block.ts';
import type { PromptInput, PromptOutput } from './prompt-input.ts';

/** Everything a prompt can name. Later entries win: an output never hides what is ours. */
export function promptVariables(input: PromptInput): Readonly<Record<string, TemplateVariable>> {
  const { context, run, plan, outputs } = input;
  const { frame, id } = splitKey(input.node);
  const { items, params } = surroundings(plan, run, frame);
  const loop = run.frames[frame]?.nodes[id]?.loopContext ?? null;
  const texts = Object.entries(outputs).map(
    ([name, output]) => [name, outputVariable(name, output)] as const,
  );
  return {
    ...Object.fromEntries(texts),
    ...items,
    task: untrusted(context.task),
    params: untrusted(params),
    outputs: untrusted(Object.fromEntries(texts.map(([name, { text }]) => [name, text]))),
    loop_context: untrusted(loop === null ? null : loopFacts(loop)),
    subject: untrusted(toldOf(context.subject)),
    repository: ours({
      owner: context.repository.owner,
      name: context.repository.name,
      default_branch: context.repository.defaultBranch,
    }),
    branch: ours(context.branch),
    base_branch: ours(context.subject.change?.into ?? context.baseRef),
    workflow: ours(plan.name),
  };
}

function toldOf({ withheld, ...subject }: Subject): JsonObject {
  return withheld === true ? { ...subject, title: '' } : { ...subject };
}

function untrusted(value: Json): TemplateVariable {
  return { value, untrusted: true };
}

function ours(value: Json): TemplateVariable {
  return { value, untrusted: false };
}

function outputVariable(name: string, output: PromptOutput): Required<TemplateVariable> {
  return { value: output.data, text: shownText(name, output), untrusted: true };
}

/** The whole text, or what stands in for it: nothing longer than the cap gets into a prompt. */
function shownText(name: string, output: PromptOutput): string {
  const { text, size, truncated, keys } = output;
  const rest = `get_output with the name "${name}" returns all of it`;
  const isWhole = !truncated && text.length <= MAX_INJECTED;
  if (isWhole || text.length < MAX_INJECTED) {
    return truncated ? `${text}\n[cut here; it has ${size} characters, and ${rest}]` : text;
  }
  const fields = keys.length === 0 ? '' : ` Its fields: ${keys.join(', ')}.`;
  return `[${name} has ${size} characters, too many to show.${fields} The tool ${rest}. It begins:]\n${text.slice(0, 200)}…`;
}

function loopFacts(loop: LoopContext): JsonObject {
  return {
    iteration: loop.iteration,
    max: loop.max,
    failures: loop.failures,
    guidance: loop.guidance.map(({ by, text, at }) => ({ by, text, at })),
    previous_attempts: loop.previousAttempts.map(({ visit, headline }) => ({ visit, headline })),
  };
}

interface Surroundings {
  /** Items of the foreach members around a frame, by name. */
  readonly items: Readonly<Record<string, TemplateVariable>>;
  readonly params: JsonObject;
}

/** Steps inside a called workflow have the key of its graph before their own. */
const WHOLE_WORKFLOW = /^workflow:[^/]+$/;

/** What the nodes around a frame pass down to it, innermost last. */
function surroundings(plan: Plan, run: Run, frameId: FrameId): Surroundings {
  const frame = run.frames[frameId];
  if (frame === undefined || frame.parent === null) return { items: {}, params: run.params };
  const parent = splitKey(frame.parent);
  const graph = plan.graphs[run.frames[parent.frame]?.graph ?? ''];
  const node = graph?.nodes.find((candidate) => candidate.id === parent.id);
  // A called workflow sees what it is called with, and nothing of its caller.
  if (node !== undefined && kindOf(node).isOwnFile) return { items: {}, params: frame.params };
  const outer = surroundings(plan, run, parent.frame);
  const foreach = ofKind(node, 'foreach');
  if (foreach === null) return outer;
  const item = { [foreach.as]: untrusted(frame.item), index: ours(frame.index ?? 0) };
  if (!WHOLE_WORKFLOW.test(foreach.graph)) return { ...outer, items: { ...outer.items, ...item } };
  return { items: item, params: { ...frame.params, [foreach.as]: frame.item } };
}

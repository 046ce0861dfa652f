import type { Failure } from '../../engine/state/event.ts';
import { splitKey } from '../../engine/state/node-key.ts';
import type { TemplateError } from '../../language/template/template-error.ts';
import { ofKind } from '../../plan/kinds.ts';
import type { AgentNode, Plan } from '../../plan/plan.ts';
import { type PrintedValue, renderTemplate } from '../template/template.ts';
import { dataBlock } from './data-block.ts';
import type { PromptInput } from './prompt-input.ts';
import { promptSections } from './sections.ts';
import { promptVariables } from './variables.ts';

export type RenderedPrompt =
  | { readonly ok: true; readonly system: string; readonly prompt: string }
  | { readonly ok: false; readonly failure: Failure };

/** Writes what an agent is told: its persona, the step's prompt, and what the engine has to add. */
export function renderPrompt(input: PromptInput): RenderedPrompt {
  const node = agentAt(input);
  if (node === null) return failed('no-agent', `${input.node} is not a step with an agent.`);
  const variables = promptVariables(input);
  const rendered = renderTemplate(node.prompt, {
    variables,
    files: input.files ?? filesFor(input.plan, node),
    print: printed,
  });
  if (!rendered.ok) return { ok: false, failure: failureFor(rendered.error, node) };
  const sections = promptSections(input, node, rendered.text);
  return {
    ok: true,
    system: input.plan.personas[node.persona]?.systemPrompt ?? '',
    prompt: [rendered.text.trim(), ...sections].join('\n\n'),
  };
}

function agentAt({ plan, run, node: key }: PromptInput): AgentNode | null {
  const { frame, id } = splitKey(key);
  const graph = plan.graphs[run.frames[frame]?.graph ?? ''];
  const node = graph?.nodes.find((candidate) => candidate.id === id);
  return ofKind(node, 'agent');
}

/** A called workflow's files have its folder as a prefix, so that two folders cannot mix. */
function filesFor(plan: Plan, node: AgentNode): Readonly<Record<string, string>> {
  const { folder } = node.meta;
  const files = plan.files ?? {};
  if (typeof folder !== 'string') return files;
  const prefix = `${folder}:`;
  return Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, text]) => [path.slice(prefix.length), text]),
  );
}

function printed({ text, origin }: PrintedValue): string {
  return origin === null ? text : dataBlock(origin, text);
}

function failureFor(error: TemplateError, node: AgentNode): Failure {
  const where = error.file ?? `the prompt of step ${node.id}`;
  const message = `${where}, line ${error.line}, column ${error.column}: ${error.message}`;
  return failed(error.code, message).failure;
}

function failed(
  reason: string,
  message: string,
): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { class: 'configuration', reason, message, retryAfterMs: null } };
}

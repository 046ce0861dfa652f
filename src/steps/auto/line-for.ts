import type { Failure } from '../../engine/state/event.ts';
import type { CommandSpec, Plan, PlanNode } from '../../plan/plan.ts';
import type { PromptInput } from '../../render/prompt/prompt-input.ts';
import { promptVariables } from '../../render/prompt/variables.ts';
import { renderShellLine } from '../../render/template/shell-line.ts';
import { failure } from '../answer.ts';
import { guardrailHit } from '../guardrail.ts';
import { commandRefusal } from './command-policy.ts';

export type Line =
  | { readonly ok: true; readonly line: string }
  | { readonly ok: false; readonly failure: Failure };

/** The shell line a command stands for, once everything that could forbid it has been checked. */
export function lineFor(
  node: PlanNode,
  spec: CommandSpec,
  material: Pick<PromptInput, 'plan' | 'run' | 'context' | 'node' | 'outputs'>,
): Line {
  const found = resolve(spec, material);
  if (!found.ok) return found;
  const { line } = found;
  const refusal = commandRefusal(line, spec);
  if (refusal !== null) return refused('command-refused', `\`${line}\` may not run: ${refusal}`);
  const hit = guardrailHit(material.plan.policies.reliability, node.risky, `${node.id}\n${line}`);
  if (hit === null) return found;
  return refused('guardrail-blocked', `The guardrail found \`${hit}\` in the command \`${line}\`.`);
}

function resolve(spec: CommandSpec, material: Parameters<typeof lineFor>[2]): Line {
  const name = /^config:(\w+)$/.exec(spec.line.trim())?.[1];
  if (name !== undefined) return configured(material.plan, name);
  const rendered = renderShellLine(spec.line, {
    variables: promptVariables(material),
    files: material.plan.files ?? {},
  });
  if (rendered.ok) return { ok: true, line: rendered.text };
  const { code, line, column, message } = rendered.error;
  const where = `The command, line ${line}, column ${column}: ${message}`;
  return { ok: false, failure: failure('configuration', code, where) };
}

function configured({ commands }: Plan, name: string): Line {
  const line = commands !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (line !== undefined) return { ok: true, line };
  const message = `The repository names no ${name} command; its \`config.yml\` needs \`commands: {${name}: …}\`.`;
  return { ok: false, failure: failure('configuration', 'missing-requirement', message) };
}

function refused(reason: string, message: string): Line {
  return { ok: false, failure: failure('policy', reason, message) };
}

import assert from 'node:assert/strict';
import { nodeAt } from '../engine/node-at.ts';
import { plural } from '../render/format.ts';
import { promptVariables } from '../render/prompt/variables.ts';
import { renderTemplate } from '../render/template.ts';
import type { CallNode } from '../workflow/plan.ts';
import { answered, failed, failure } from './answer.ts';
import { executeMerge } from './execute-merge.ts';
import type { Attempt, Executed } from './execute-node.ts';
import { readItems } from './items/read-items.ts';
import type { JobDeps } from './job-deps.ts';
import { promptMaterial } from './prompt-for.ts';

/** What a node made of others needs a worker for: its items or parameters, and the merge at its end. */
export async function executeComposite(deps: JobDeps, attempt: Attempt): Promise<Executed> {
  const at = nodeAt(attempt.stored.plan, attempt.stored.run, attempt.node);
  assert(at !== null);
  if (at.state.phase === 'merge') return executeMerge(deps, attempt);
  if (at.node.kind === 'call') return prepareCall(deps, attempt, at.node);
  assert(at.node.kind === 'foreach', `${attempt.node} has nothing to prepare`);
  const found = await readItems(deps, attempt, at.node.items);
  if (!found.ok) return failed(failure('execution', 'invalid-items', found.message));
  const headline = `${plural(found.items.length, 'item')}.`;
  const about = { name: null, at: deps.runs.now() };
  const { result } = answered(attempt, about, { text: headline, headline, items: found.items });
  return { result, output: null };
}

/** The sub-workflow gets plain text: what it does with it is its own prompts' affair. */
async function prepareCall(deps: JobDeps, attempt: Attempt, node: CallNode): Promise<Executed> {
  const { input } = await promptMaterial(deps, attempt);
  const variables = promptVariables(input);
  const files = input.plan.files ?? {};
  const params: Record<string, string> = {};
  for (const [name, template] of Object.entries(node.params)) {
    const rendered = renderTemplate(template, { variables, files });
    if (!rendered.ok) {
      const { code, message } = rendered.error;
      const where = `The parameter \`${name}\` of step ${node.id}: ${message}`;
      return failed(failure('configuration', code, where));
    }
    params[name] = rendered.text;
  }
  const headline = `${plural(Object.keys(params).length, 'parameter')}.`;
  const about = { name: null, at: deps.runs.now() };
  const { result } = answered(attempt, about, { text: headline, headline, data: params });
  return { result, output: null };
}

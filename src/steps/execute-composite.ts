import assert from 'node:assert/strict';
import { mustRewind } from '../engine/read/must-rewind.ts';
import { nodeAt } from '../engine/state/node-at.ts';
import { isComposite } from '../plan/kinds.ts';
import type { CallNode, ForeachNode } from '../plan/plan.ts';
import { promptVariables } from '../render/prompt/variables.ts';
import { renderTemplate } from '../render/template/template.ts';
import { plural } from '../render/text/format.ts';
import { answered, failed, failure } from './answer.ts';
import type { Attempt, Executed } from './attempt.ts';
import { executeMerge } from './execute-merge.ts';
import { executeRewind } from './execute-rewind.ts';
import { readItems } from './items/read-items.ts';
import { promptMaterial } from './prompt-for.ts';
import { lacksRequirement, missingRequirement } from './requirements.ts';
import type { StepDeps } from './step-deps.ts';

/** What a composite node needs a worker for: its requirements, its items or parameters, the merge at its end. */
export async function executeComposite(deps: StepDeps, attempt: Attempt): Promise<Executed> {
  const at = nodeAt(attempt.stored.plan, attempt.stored.run, attempt.node);
  assert(at !== null);
  if (mustRewind(at.node, at.state)) return executeRewind(deps, attempt);
  if (at.state.phase === 'merge') return executeMerge(deps, attempt);
  const missing = await missingRequirement(deps, attempt, at.node);
  if (missing !== null) return failed(lacksRequirement(missing));
  assert(isComposite(at.node), `${attempt.node} has nothing to prepare`);
  switch (at.node.kind) {
    case 'call':
      return prepareCall(deps, attempt, at.node);
    case 'foreach':
      return prepareForeach(deps, attempt, at.node);
    case 'group':
      return prepareGroup(deps, attempt);
  }
}

function prepareGroup(deps: StepDeps, attempt: Attempt): Executed {
  const headline = 'Everything it requires is there.';
  const about = { name: null, at: deps.runs.now() };
  return { result: answered(attempt, about, { text: headline, headline }).result, output: null };
}

async function prepareForeach(
  deps: StepDeps,
  attempt: Attempt,
  { items }: ForeachNode,
): Promise<Executed> {
  const found = await readItems(deps, attempt, items);
  if (!found.ok) return failed(failure('execution', 'invalid-items', found.message));
  const headline = `${plural(found.items.length, 'item')}.`;
  const about = { name: null, at: deps.runs.now() };
  const { result } = answered(attempt, about, { text: headline, headline, items: found.items });
  return { result, output: null };
}

/** The sub-workflow gets plain text: what it does with it is up to its own prompts. */
async function prepareCall(deps: StepDeps, attempt: Attempt, node: CallNode): Promise<Executed> {
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

import assert from 'node:assert/strict';
import type { Failure } from '../engine/state/event.ts';
import { nodeAt } from '../engine/state/node-at.ts';
import type { AgentNode, AutoNode, PlanNode } from '../plan/plan.ts';
import { roundsLeft } from './agent/question-tool.ts';
import { stepPrompt } from './agent/step-prompt.ts';
import { answered, failed } from './answer.ts';
import type { Attempt, Executed } from './attempt.ts';
import { lineFor } from './auto/line-for.ts';
import { promptRefusal } from './guardrail.ts';
import { promptMaterial } from './prompt-for.ts';
import { lacksRequirement, missingRequirement } from './requirements.ts';
import type { StepDeps } from './step-deps.ts';

/** Checks whether a step can run before people are asked about it. The step itself checks again. */
export async function executePreflight(deps: StepDeps, attempt: Attempt): Promise<Executed> {
  const node = nodeAt(attempt.stored.plan, attempt.stored.run, attempt.node)?.node;
  assert(node !== undefined);
  const missing = await missingRequirement(deps, attempt, node);
  if (missing !== null) return failed(lacksRequirement(missing));
  const refusal = await refusalOf(deps, attempt, node);
  if (refusal !== null) return failed(refusal);
  const headline = 'It can run.';
  const about = { name: null, at: deps.runs.now() };
  return { result: answered(attempt, about, { text: headline, headline }).result, output: null };
}

/** What the guardrail or a list of commands has against it. */
async function refusalOf(
  deps: StepDeps,
  attempt: Attempt,
  node: PlanNode,
): Promise<Failure | null> {
  switch (node.kind) {
    case 'agent':
      return agentRefusal(deps, attempt, node);
    case 'auto':
      return lineRefusal(deps, attempt, node);
    case 'gate':
    case 'approval':
    case 'call':
    case 'foreach':
    case 'group':
    case 'noop':
      return null;
  }
}

async function agentRefusal(
  deps: StepDeps,
  attempt: Attempt,
  node: AgentNode,
): Promise<Failure | null> {
  const { plan, run } = attempt.stored;
  const prompt = await stepPrompt(deps, attempt, roundsLeft(node, run, attempt.node) > 0);
  return prompt.ok ? promptRefusal(plan, node, prompt.prompt) : prompt.failure;
}

async function lineRefusal(
  deps: StepDeps,
  attempt: Attempt,
  node: AutoNode,
): Promise<Failure | null> {
  if (node.run === null) return null;
  const { input } = await promptMaterial(deps, attempt);
  const line = lineFor(node, node.run, input);
  return line.ok ? null : line.failure;
}

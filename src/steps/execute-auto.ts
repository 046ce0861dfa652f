import assert from 'node:assert/strict';
import { nodeAt } from '../engine/state/node-at.ts';
import { ofKind } from '../plan/kinds.ts';
import { failed } from './answer.ts';
import type { Attempt, Executed } from './attempt.ts';
import { executeCallable } from './auto/execute-callable.ts';
import { executeCommit } from './auto/execute-commit.ts';
import { executeEvalGate } from './auto/execute-eval-gate.ts';
import { executeRun } from './auto/execute-run.ts';
import { lacksRequirement, missingRequirement } from './requirements.ts';
import type { StepDeps } from './step-deps.ts';

/** A step without a model: a command, one of our own functions, a commit, or the comparison with earlier runs. */
export async function executeAuto(deps: StepDeps, attempt: Attempt): Promise<Executed> {
  const { stored, node: key } = attempt;
  const node = ofKind(nodeAt(stored.plan, stored.run, key)?.node, 'auto');
  assert(node !== null);
  const missing = await missingRequirement(deps, attempt, node);
  if (missing !== null) return failed(lacksRequirement(missing));
  if (node.commit !== undefined) return executeCommit(deps, attempt, node.commit);
  if (node.evalGate !== undefined) return executeEvalGate(deps, attempt, node.evalGate);
  if (node.run !== null) return executeRun(deps, attempt, node, node.run);
  assert(node.callable !== null, 'an auto node has a command or a function');
  return executeCallable(deps, attempt, node, node.callable);
}

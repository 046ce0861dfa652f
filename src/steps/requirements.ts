import { findProgram } from '../agents/launch/find-program.ts';
import type { Failure } from '../engine/state/event.ts';
import { readPermissions } from '../github/installation-permissions.ts';
import type { PlanNode } from '../plan/plan.ts';
import { failure } from './answer.ts';
import type { Attempt } from './attempt.ts';
import type { StepDeps } from './step-deps.ts';

/**
 * What a node requires and this installation lacks; null if everything is there. A name is a
 * command of the repository (`config:test`), a permission (`issues:write`) or a program.
 */
export async function missingRequirement(
  deps: StepDeps,
  { stored }: Attempt,
  node: PlanNode,
): Promise<string | null> {
  for (const name of node.requires) {
    const [kind = '', detail] = name.split(':');
    if (detail === undefined) {
      if ((await findProgram(name, deps.commands.path)) === undefined) return name;
    } else if (kind === 'config') {
      if (stored.plan.commands?.[detail] === undefined) return name;
    } else if (!(await isPermitted(deps, stored.context.installationId, kind, detail))) return name;
  }
  return null;
}

/** An optional node is waived for it; any other fails. */
export function lacksRequirement(name: string): Failure {
  const message = `\`${name}\` is not available here, and the step requires it.`;
  return failure('configuration', 'missing-requirement', message);
}

const RANKS = ['read', 'write', 'admin'];

async function isPermitted(
  deps: StepDeps,
  installationId: number,
  permission: string,
  wanted: string,
): Promise<boolean> {
  const granted = (await readPermissions(deps.github.app, installationId))[permission];
  if (granted === undefined || !RANKS.includes(wanted)) return false;
  return RANKS.indexOf(granted) >= RANKS.indexOf(wanted);
}

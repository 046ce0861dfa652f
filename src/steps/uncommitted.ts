import { createHash } from 'node:crypto';
import { nodeAt } from '../engine/state/node-at.ts';
import { AppError } from '../errors.ts';
import type { Attempt } from './attempt.ts';
import type { StepDeps } from './step-deps.ts';

/** Where a step of the run begins: on the branch, or on what earlier steps left uncommitted above it. */
export interface Stand {
  readonly at: string;
  readonly onto: string;
}

class UncommittedConflictError extends AppError {
  constructor(branch: string, paths: readonly string[]) {
    const where = paths.slice(0, 5).join(', ');
    const message = `Somebody else pushed to ${branch}, and that conflicts with uncommitted work in ${where}. Take those commits back to go on.`;
    super('uncommitted-conflict', message, { fields: { branch, paths } });
  }
}

/** Uncommitted work is carried over when somebody else moves the branch. */
export async function standOf(deps: StepDeps, attempt: Attempt): Promise<Stand> {
  const { run, context } = attempt.stored;
  const onto = run.headSha ?? context.baseSha;
  const { uncommitted } = run;
  if (uncommitted === null) return { at: onto, onto };
  if (uncommitted.onto === onto) return { at: uncommitted.sha, onto };
  return { at: await grafted(deps, attempt, { sha: uncommitted.sha, onto }), onto };
}

async function grafted(
  { worktrees }: StepDeps,
  { stored, signal }: Attempt,
  graft: { readonly sha: string; readonly onto: string },
): Promise<string> {
  const { run, context } = stored;
  const place = { runId: run.id, context, signal };
  await worktrees.toLook({ ...place, at: graft.sha });
  const home = await worktrees.toLook({ ...place, at: graft.onto });
  const message = { subject: 'uncommitted work', trailers: { 'Sluice-Run': run.id }, signal };
  const result = await worktrees.workspaces.graft(home, graft, message);
  if (result.status === 'grafted') return result.sha;
  throw new UncommittedConflictError(context.branch, result.paths);
}

/** Where uncommitted work goes: one branch per commit it was begun on, so that it only moves forward. */
export function asideBranch({ stored }: Attempt, onto: string): string {
  const { run, context } = stored;
  const digest = createHash('sha256').update(`${run.id} ${onto}`).digest('hex').slice(0, 12);
  return `${context.branch}-uncommitted-${digest}`;
}

/** The step leaves it to a later one to commit its changes. */
export function leavesUncommitted({ stored, node }: Attempt): boolean {
  return nodeAt(stored.plan, stored.run, node)?.node.uncommitted === true;
}

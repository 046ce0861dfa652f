import { createHash } from 'node:crypto';
import { BASE, memberIdFor } from '../engine/read/member-trees.ts';
import { workspaceFor } from '../engine/read/workspace-for.ts';
import { nodeAt } from '../engine/state/node-at.ts';
import type { PlanNode } from '../plan/plan.ts';
import type { Worktree } from '../workspace/worktree.ts';
import type { Attempt } from './attempt.ts';
import type { StepDeps } from './step-deps.ts';
import { standOf } from './uncommitted.ts';

/** Where one attempt works. */
export interface NodeTree {
  readonly worktree: Worktree;
  /** The commit it starts from, which is the parent of its own commit. */
  readonly at: string;
  /** Branch its commits are pushed to. */
  readonly branch: string;
  /** Commit the branch is on. Between it and `at` is what earlier steps left uncommitted. */
  readonly onto: string;
  /** A worktree of its own: its commits move the run's branch only once they are merged. */
  readonly isMember: boolean;
  /** Its files are those of this earlier commit; null if those of `at`. */
  readonly rewoundTo: string | null;
}

/**
 * What is done there. `objects`: reads commits and no files, so it may run while somebody writes.
 * `apart`: reads files in a separate place, for nodes that claim no part of the worktree.
 */
export type TreeUse = 'objects' | 'apart' | 'read' | 'write';

export function treeUseOf({ workspace }: Pick<PlanNode, 'workspace'>): TreeUse {
  if (workspace === 'none') return 'apart';
  return workspace === 'read' ? 'read' : 'write';
}

/** Opens the worktree the node works in: the run's, or that of an isolated member. */
export async function openNodeTree(
  deps: StepDeps,
  attempt: Attempt,
  use: TreeUse,
): Promise<NodeTree> {
  const { plan, run } = attempt.stored;
  const { tree } = workspaceFor(plan, run, attempt.node);
  const opened =
    tree === ''
      ? await openRunTree(deps, attempt, use)
      : await openMember(deps, attempt, tree, use);
  const snapshot = rewindTarget(attempt);
  if (snapshot === null || snapshot === opened.at) return opened;
  return rewind(deps, attempt, opened, { snapshot, use });
}

/** Where an isolated member's commits go until they are merged. */
export function memberBranch(branch: string, memberId: string): string {
  const readable = memberId.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  const digest = createHash('sha256').update(memberId).digest('hex').slice(0, 8);
  return `${branch}-member-${readable.slice(0, 30)}-${digest}`;
}

async function openRunTree(deps: StepDeps, attempt: Attempt, use: TreeUse): Promise<NodeTree> {
  const { stored, signal, startOver } = attempt;
  const { run, context } = stored;
  const { at, onto } = await standOf(deps, attempt);
  const where = { runId: run.id, context, at, signal };
  const { worktrees } = deps;
  const opened = { at, onto, branch: context.branch, isMember: false, rewoundTo: null };
  switch (use) {
    case 'write':
      return { ...opened, worktree: await worktrees.toWrite({ ...where, startOver }) };
    case 'read':
      return { ...opened, worktree: await worktrees.toRead(where) };
    case 'objects':
      return { ...opened, worktree: await worktrees.toLook(where) };
    case 'apart':
      return { ...opened, worktree: await apart(deps, attempt, await worktrees.toLook(where), at) };
  }
}

async function openMember(
  deps: StepDeps,
  attempt: Attempt,
  tree: string,
  use: TreeUse,
): Promise<NodeTree> {
  const { signal, startOver, stored } = attempt;
  const { run, context } = stored;
  const { workspaces } = deps.worktrees;
  const { at: base } = await standOf(deps, attempt);
  const home = await deps.worktrees.toLook({ runId: run.id, context, at: base, signal });
  const memberId = memberIdFor(run, tree);
  const branch = memberBranch(context.branch, memberId);
  const at = (await findMemberHead(deps, attempt, home, branch)) ?? base;
  const found = { at, onto: at, branch, isMember: true, rewoundTo: null };
  if (use === 'objects') return { ...found, worktree: { ...home, head: at } };
  if (use === 'apart') return { ...found, worktree: await apart(deps, attempt, home, at) };
  const opened = await workspaces.isolate(home, memberId, { at, signal });
  if (use === 'read' || !startOver) return { ...found, worktree: opened };
  return { ...found, worktree: await workspaces.reset(opened, at, { signal }) };
}

/** A worktree for this visit alone: nobody else knows its name. */
async function apart(
  { worktrees }: StepDeps,
  { node, visit, signal }: Attempt,
  home: Worktree,
  at: string,
): Promise<Worktree> {
  return worktrees.workspaces.isolate(home, `apart/${node}@${visit}`, { at, signal });
}

/** The last commit the member reported. One pushed by an attempt that then died does not count. */
async function findMemberHead(
  deps: StepDeps,
  { stored, node, visit, signal }: Attempt,
  home: Worktree,
  branch: string,
): Promise<string | null> {
  const credential = { token: await deps.tokens.toRead(stored.context) };
  const tip = await deps.worktrees.workspaces.tip(home, { branch, credential, signal });
  if (tip === null) return null;
  const isOrphan = [`Sluice-Step: ${node}`, `Sluice-Visit: ${visit}`].every((line) =>
    tip.trailers.includes(line),
  );
  return isOrphan ? (tip.parents[0] ?? null) : tip.sha;
}

/** The commit that a loop with `workspace: rewind` takes this visit back to. */
function rewindTarget({ stored, node }: Attempt): string | null {
  const state = nodeAt(stored.plan, stored.run, node)?.state;
  if (state?.loopContext?.workspace !== 'rewind') return null;
  return state.snapshot === BASE ? stored.context.baseSha : state.snapshot;
}

/** A writer's files are rewound in place; a reader gets a separate place, as others may be reading. */
async function rewind(
  deps: StepDeps,
  attempt: Attempt,
  opened: NodeTree,
  { snapshot, use }: { snapshot: string; use: TreeUse },
): Promise<NodeTree> {
  const { signal, stored } = attempt;
  const { workspaces } = deps.worktrees;
  const credential = { token: await deps.tokens.toRead(stored.context) };
  await workspaces.bring(opened.worktree, { commits: [snapshot], credential, signal });
  if (use === 'write') {
    await workspaces.restore(opened.worktree, snapshot, { signal });
    return { ...opened, rewoundTo: snapshot };
  }
  if (use === 'objects') return { ...opened, rewoundTo: snapshot };
  const worktree = await apart(deps, attempt, opened.worktree, snapshot);
  return { ...opened, worktree, rewoundTo: snapshot };
}

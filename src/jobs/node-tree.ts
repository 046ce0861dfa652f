import { createHash } from 'node:crypto';
import { nodeAt } from '../engine/node-at.ts';
import { splitKey } from '../engine/node-key.ts';
import type { Run } from '../engine/run.ts';
import { workspaceFor } from '../engine/workspace-for.ts';
import type { Worktree } from '../workspace/worktree.ts';
import type { Attempt } from './execute-node.ts';
import type { JobDeps } from './job-deps.ts';

/** Where one attempt works. */
export interface NodeTree {
  readonly worktree: Worktree;
  /** Commit it starts from, and its own commit's parent. */
  readonly at: string;
  /** Branch its commits are pushed to. */
  readonly branch: string;
  /** A worktree of its own: its commits move the run's branch only once they are merged. */
  readonly isMember: boolean;
  /** Its files are those of this earlier commit; null: those of `at`. */
  readonly rewoundTo: string | null;
}

/** Opens the worktree the node works in: the run's, or that of an isolated member. */
export async function openNodeTree(
  deps: JobDeps,
  attempt: Attempt,
  writes: boolean,
): Promise<NodeTree> {
  const { plan, run } = attempt.stored;
  const { tree } = workspaceFor(plan, run, attempt.node);
  const opened =
    tree === '' ? await openRunTree(deps, attempt, writes) : await openMember(deps, attempt, tree);
  const snapshot = rewindTarget(attempt);
  if (snapshot === null || snapshot === opened.at) return opened;
  return rewind(deps, attempt, opened, { snapshot, writes });
}

/** Where an isolated member's commits go until they are merged. */
export function memberBranch(branch: string, memberId: string): string {
  const readable = memberId.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  const digest = createHash('sha256').update(memberId).digest('hex').slice(0, 8);
  return `${branch}-member-${readable.slice(0, 30)}-${digest}`;
}

/** Names a member anew in every visit and every try, so that old work is never taken for new. */
export function memberIdFor(run: Run, tree: string): string {
  const frame = run.frames[tree] ?? run.frames[splitKey(tree).frame];
  return `${tree}@${frame?.parentVisit ?? 1}.${frame?.tries ?? 0}`;
}

async function openRunTree(
  deps: JobDeps,
  { stored, signal, startOver }: Attempt,
  writes: boolean,
): Promise<NodeTree> {
  const { run, context } = stored;
  const at = run.headSha ?? context.baseSha;
  const where = { runId: run.id, context, at, signal };
  const worktree = writes
    ? await deps.worktrees.toWrite({ ...where, startOver })
    : await deps.worktrees.toRead(where);
  return { worktree, at, branch: context.branch, isMember: false, rewoundTo: null };
}

async function openMember(deps: JobDeps, attempt: Attempt, tree: string): Promise<NodeTree> {
  const { signal, startOver, stored } = attempt;
  const { run, context } = stored;
  const { workspaces } = deps.worktrees;
  const base = run.headSha ?? context.baseSha;
  const home = await deps.worktrees.toRead({ runId: run.id, context, at: base, signal });
  const memberId = memberIdFor(run, tree);
  const branch = memberBranch(context.branch, memberId);
  const at = (await findMemberHead(deps, attempt, home, branch)) ?? base;
  const opened = await workspaces.isolate(home, memberId, { at, signal });
  const worktree = startOver ? await workspaces.reset(opened, at, { signal }) : opened;
  return { worktree, at, branch, isMember: true, rewoundTo: null };
}

/** The last commit the member has reported. One an attempt pushed before it died does not count. */
async function findMemberHead(
  deps: JobDeps,
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

/** The commit a loop with `workspace: rewind` takes this visit back to. */
function rewindTarget({ stored, node }: Attempt): string | null {
  const state = nodeAt(stored.plan, stored.run, node)?.state;
  return state?.loopContext?.workspace === 'rewind' ? state.snapshot : null;
}

/** A writer gets its files taken back; a reader looks from a place of its own, for others may be reading. */
async function rewind(
  deps: JobDeps,
  { node, visit, signal, stored }: Attempt,
  opened: NodeTree,
  { snapshot, writes }: { snapshot: string; writes: boolean },
): Promise<NodeTree> {
  const { workspaces } = deps.worktrees;
  const credential = { token: await deps.tokens.toRead(stored.context) };
  await workspaces.bring(opened.worktree, { commits: [snapshot], credential, signal });
  if (!writes) {
    const name = `rewind/${node}@${visit}`;
    const worktree = await workspaces.isolate(opened.worktree, name, { at: snapshot, signal });
    return { ...opened, worktree, rewoundTo: snapshot };
  }
  await workspaces.restore(opened.worktree, snapshot, { signal });
  return { ...opened, rewoundTo: snapshot };
}

import type { Failure } from '../engine/state/event.ts';
import { nodeAt } from '../engine/state/node-at.ts';
import type { Uncommitted } from '../engine/state/run.ts';
import { renderStepHeadline } from '../render/comment/step-headline.ts';
import { type CommitParts, renderCommit } from '../render/pull/commit-message.ts';
import { readRun } from '../store/runs.ts';
import type { Commit, CommitRequest } from '../workspace/commit.ts';
import type { PushResult } from '../workspace/push.ts';
import type { Attempt } from './attempt.ts';
import type { NodeTree } from './node-tree.ts';
import { pathRefusal } from './path-refusal.ts';
import { patiently } from './patiently.ts';
import { pushRefusal } from './push-refusal.ts';
import type { StepDeps } from './step-deps.ts';
import { asideBranch, leavesUncommitted } from './uncommitted.ts';

export type Committed =
  | {
      readonly type: 'committed';
      /** Null if the step changed nothing or left it uncommitted. */
      readonly sha: string | null;
      /** Where the run's branch is now; null if it has not moved. */
      readonly headSha: string | null;
      /** What is now kept off the branch; null if unchanged. */
      readonly uncommitted: Uncommitted | null;
      readonly changes: Commit['changed'];
      readonly warnings: readonly string[];
    }
  | { readonly type: 'refused'; readonly failure: Failure };

const UNCHANGED = {
  type: 'committed',
  sha: null,
  headSha: null,
  uncommitted: null,
  changes: [],
  warnings: [],
} as const;

/** What the engine is told about it. */
export function traceOf(committed: Extract<Committed, { type: 'committed' }> | null) {
  const { sha = null, headSha = null, uncommitted = null } = committed ?? {};
  return { commit: sha, headSha, ...(uncommitted !== null && { uncommitted }) };
}

/**
 * Turns a step's changes, plus what earlier steps left uncommitted, into one pushed commit, or
 * keeps them aside for a later step. An earlier attempt's orphan commit is replaced.
 */
export async function commitStep(
  deps: StepDeps,
  attempt: Attempt,
  tree: NodeTree,
  text: string,
): Promise<Committed> {
  const { workspaces } = deps.worktrees;
  const { worktree } = tree;
  const message = { ...messageFor(attempt, text), signal: attempt.signal };
  const commit = await workspaces.commit(worktree, message);
  const keeps = leavesUncommitted(attempt) && !tree.isMember;
  if (commit === null && (keeps || tree.at === tree.onto)) {
    if (!tree.isMember) deps.worktrees.settle(worktree, worktree.head);
    return UNCHANGED;
  }
  const changes = commit?.changed ?? [];
  const refusal = pipelineRefusal(tree.branch, changes) ?? pathRefusal(attempt, changes);
  if (refusal !== null) return { type: 'refused', failure: refusal };
  const sha = commit?.sha ?? tree.at;
  const done = keeps
    ? await keepAside(deps, attempt, tree, sha)
    : await land(deps, attempt, tree, { sha, message });
  if (done.type === 'refused') return done;
  if (!tree.isMember && (keeps || done.sha === sha)) deps.worktrees.settle(worktree, sha);
  const warnings = (commit?.skipped ?? []).map((path) => `${path} could not be committed`);
  return { ...done, changes, warnings };
}

/** Rewinds the branch for a reader that was sent back: a new commit with the old content. */
export async function commitRewind(
  deps: StepDeps,
  attempt: Attempt,
  tree: NodeTree,
): Promise<Committed> {
  const { rewoundTo, worktree, at } = tree;
  const { workspaces } = deps.worktrees;
  if (rewoundTo === null) return UNCHANGED;
  const [before, after] = await Promise.all(
    [at, rewoundTo].map((sha) => workspaces.treeId(worktree, sha)),
  );
  if (before === after) return UNCHANGED;
  const message = {
    ...messageFor(attempt, `revert: back to ${rewoundTo.slice(0, 7)}`),
    signal: attempt.signal,
  };
  const sha = await workspaces.commitContentOf(worktree, rewoundTo, { ...message, parent: at });
  return at === tree.onto
    ? land(deps, attempt, tree, { sha, message })
    : keepAside(deps, attempt, tree, sha);
}

/** Brings the branch to a commit's content: to the commit itself, or as one commit if work was uncommitted. */
export async function land(
  deps: StepDeps,
  attempt: Attempt,
  tree: NodeTree,
  { sha, message }: { readonly sha: string; readonly message: CommitRequest },
): Promise<Committed> {
  const { worktree, branch, at, onto, isMember } = tree;
  const single =
    at === onto
      ? sha
      : await deps.worktrees.workspaces.commitContentOf(worktree, sha, {
          ...message,
          parent: onto,
        });
  const refusal = await pushCommit(deps, attempt, tree, { branch, parent: onto, sha: single });
  if (refusal !== null) return { type: 'refused', failure: refusal };
  return { ...UNCHANGED, sha: single, headSha: isMember ? null : single };
}

async function keepAside(
  deps: StepDeps,
  attempt: Attempt,
  tree: NodeTree,
  sha: string,
): Promise<Committed> {
  const { at, onto } = tree;
  const branch = asideBranch(attempt, onto);
  const refusal = await pushCommit(deps, attempt, tree, { branch, parent: at, sha });
  if (refusal !== null) return { type: 'refused', failure: refusal };
  return { ...UNCHANGED, uncommitted: { sha, onto } };
}

export function messageFor({ stored, node, visit, attempt }: Attempt, text: string): CommitParts {
  return renderCommit({
    run: stored.run.id,
    step: node,
    visit,
    attempt,
    headline: renderStepHeadline(text, null),
    starter: { login: stored.run.starter },
  });
}

interface Destination {
  readonly branch: string;
  /** The commit the branch is on, as far as we know. */
  readonly parent: string;
  readonly sha: string;
}

async function pushCommit(
  deps: StepDeps,
  attempt: Attempt,
  tree: NodeTree,
  destination: Destination,
): Promise<Failure | null> {
  const result = await push(deps, attempt, tree, destination);
  return result.status === 'refused' ? pushRefusal(destination.branch, result) : null;
}

async function push(
  deps: StepDeps,
  attempt: Attempt,
  { worktree }: NodeTree,
  { branch, parent, sha }: Destination,
): Promise<PushResult> {
  const { context, run } = attempt.stored;
  const { workspaces } = deps.worktrees;
  const request = {
    branch,
    sha,
    credential: { token: await deps.tokens.toPush(context) },
    defaultBranch: context.repository.defaultBranch,
    protectedBranches: deps.settings.protectedBranches,
    signal: attempt.signal,
  };
  const result = await patiently(() => workspaces.push(worktree, request), attempt.signal);
  const mayBeOrphan = result.status === 'refused' && result.reason === 'non-fast-forward';
  if (!mayBeOrphan || !(await isCurrent(deps, attempt))) return result;
  // An attempt that died or was overtaken may have pushed without reporting. Only that very commit may be replaced.
  const orphan = await workspaces.orphan(worktree, {
    branch,
    parent,
    trailers: { 'Sluice-Run': run.id },
    credential: request.credential,
  });
  if (orphan === null) return result;
  return workspaces.push(worktree, { ...request, expectedRemote: orphan });
}

/** False for a worker that was itself overtaken: what is on the branch is then its successor's. */
async function isCurrent(
  { runs }: StepDeps,
  { stored, node, visit, attempt }: Attempt,
): Promise<boolean> {
  const { plan, run } = await readRun(runs.db, stored.run.id);
  const state = nodeAt(plan, run, node)?.state;
  return state?.status === 'running' && state.visit === visit && state.attempt === attempt;
}

/** GitHub refuses them to a token without the `workflows` permission, which none of ours ever has. */
function pipelineRefusal(branch: string, changes: Commit['changed']): Failure | null {
  const file = changes.find(({ path }) => path.startsWith('.github/workflows/'));
  if (file === undefined) return null;
  return pushRefusal(branch, { status: 'refused', reason: 'workflow-files', detail: file.path });
}

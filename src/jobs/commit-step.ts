import type { Failure } from '../engine/event.ts';
import { type CommitParts, renderCommit } from '../render/commit-message.ts';
import { renderStepHeadline } from '../render/step-headline.ts';
import type { Commit } from '../workspace/commit.ts';
import type { PushResult } from '../workspace/push.ts';
import { failure } from './answer.ts';
import type { Attempt } from './execute-node.ts';
import type { JobDeps } from './job-deps.ts';
import type { NodeTree } from './node-tree.ts';
import { pathRefusal } from './path-refusal.ts';
import { patiently } from './patiently.ts';

export type Committed =
  | {
      readonly type: 'committed';
      /** Null: the step changed nothing. */
      readonly sha: string | null;
      /** Where the run's branch stands now; null: where it stood. */
      readonly headSha: string | null;
      readonly changes: Commit['changed'];
      readonly warnings: readonly string[];
    }
  | { readonly type: 'refused'; readonly failure: Failure };

/** Turns what a step changed into one pushed commit. An earlier attempt's orphan commit is replaced. */
export async function commitStep(
  deps: JobDeps,
  attempt: Attempt,
  tree: NodeTree,
  text: string,
): Promise<Committed> {
  const { workspaces } = deps.worktrees;
  const { worktree } = tree;
  const commit = await workspaces.commit(worktree, {
    ...messageFor(attempt, text),
    signal: attempt.signal,
  });
  if (commit === null) {
    if (!tree.isMember) deps.worktrees.settle(worktree, worktree.head);
    return { type: 'committed', sha: null, headSha: null, changes: [], warnings: [] };
  }
  const refusal =
    pipelineRefusal(tree.branch, commit) ??
    pathRefusal(attempt, commit.changed) ??
    (await pushCommit(deps, attempt, tree, commit.sha));
  if (refusal !== null) return { type: 'refused', failure: refusal };
  if (!tree.isMember) deps.worktrees.settle(worktree, commit.sha);
  const warnings = commit.skipped.map((path) => `${path} could not be committed`);
  return pushed(tree, commit.sha, commit.changed, warnings);
}

/** A reader that was sent back to an earlier state takes the branch there: a new commit with the old content. */
export async function commitRewind(
  deps: JobDeps,
  attempt: Attempt,
  tree: NodeTree,
): Promise<Committed> {
  const { rewoundTo, worktree, at } = tree;
  const { workspaces } = deps.worktrees;
  const none = { type: 'committed', sha: null, headSha: null, changes: [], warnings: [] } as const;
  if (rewoundTo === null) return none;
  const [before, after] = await Promise.all(
    [at, rewoundTo].map((sha) => workspaces.treeId(worktree, sha)),
  );
  if (before === after) return none;
  const message = messageFor(attempt, `revert: back to ${rewoundTo.slice(0, 7)}`);
  const request = { ...message, parent: at, signal: attempt.signal };
  const sha = await workspaces.commitContentOf(worktree, rewoundTo, request);
  const refusal = await pushCommit(deps, attempt, tree, sha);
  return refusal === null ? pushed(tree, sha, [], []) : { type: 'refused', failure: refusal };
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

/** Moves the tree's branch to the commit; null when it is there. */
export async function pushCommit(
  deps: JobDeps,
  attempt: Attempt,
  tree: NodeTree,
  sha: string,
): Promise<Failure | null> {
  const result = await push(deps, attempt, tree, sha);
  return result.status === 'refused' ? refusalFor(tree.branch, result) : null;
}

function pushed(
  tree: NodeTree,
  sha: string,
  changes: Commit['changed'],
  warnings: readonly string[],
): Committed {
  return { type: 'committed', sha, headSha: tree.isMember ? null : sha, changes, warnings };
}

async function push(
  deps: JobDeps,
  attempt: Attempt,
  { worktree, branch, at }: NodeTree,
  sha: string,
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
  if (!mayBeOrphan || !attempt.startOver) return result;
  // An attempt that died may have pushed and not reported. Only that very commit may be replaced.
  const orphan = await workspaces.orphan(worktree, {
    branch,
    parent: at,
    trailers: { 'Sluice-Run': run.id, 'Sluice-Step': attempt.node },
    credential: request.credential,
  });
  if (orphan === null) return result;
  return workspaces.push(worktree, { ...request, expectedRemote: orphan });
}

type Refused = Extract<PushResult, { status: 'refused' }>;

const ADVICE: Readonly<Record<Refused['reason'], string>> = {
  'protected-branch': 'Choose another branch prefix, or lift the protection.',
  'non-fast-forward':
    'Somebody else pushed to the branch. `/resume` goes on from what is there now.',
  'workflow-files':
    'The step changed files below `.github/workflows`, which this app may not write. Make that change by hand.',
  'remote-rejected': 'A rule of the repository refused it.',
};

/** GitHub refuses them to a token without the `workflows` permission, and none of ours ever has it. */
function pipelineRefusal(branch: string, { changed }: Commit): Failure | null {
  const file = changed.find(({ path }) => path.startsWith('.github/workflows/'));
  if (file === undefined) return null;
  const detail = `it changes ${file.path}`;
  return refusalFor(branch, { status: 'refused', reason: 'workflow-files', detail });
}

function refusalFor(branch: string, { reason, detail }: Refused): Failure {
  const message = `The commit was not accepted on \`${branch}\`: ${detail}. ${ADVICE[reason]}`;
  return failure('policy', reason, message);
}

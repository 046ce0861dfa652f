import type { Failure } from '../engine/event.ts';
import { renderCommit } from '../render/commit-message.ts';
import { renderStepHeadline } from '../render/step-headline.ts';
import type { Commit } from '../workspace/commit.ts';
import type { PushResult } from '../workspace/push.ts';
import type { Worktree } from '../workspace/worktree.ts';
import type { Attempt } from './execute-node.ts';
import type { JobDeps } from './job-deps.ts';

export type Committed =
  | {
      readonly type: 'committed';
      /** Null: the step changed nothing. */
      readonly sha: string | null;
      readonly changes: Commit['changed'];
      readonly warnings: readonly string[];
    }
  | { readonly type: 'refused'; readonly failure: Failure };

/** Turns what a step changed into one pushed commit. An earlier attempt's orphan commit is replaced. */
export async function commitStep(
  deps: JobDeps,
  attempt: Attempt,
  worktree: Worktree,
  text: string,
): Promise<Committed> {
  const { workspaces } = deps.worktrees;
  const { stored, signal } = attempt;
  const message = renderCommit({
    run: stored.run.id,
    step: attempt.node,
    visit: attempt.visit,
    attempt: attempt.attempt,
    headline: renderStepHeadline(text, null),
    starter: { login: stored.run.starter },
  });
  const commit = await workspaces.commit(worktree, { ...message, signal });
  if (commit === null) {
    deps.worktrees.settle(worktree, worktree.head);
    return { type: 'committed', sha: null, changes: [], warnings: [] };
  }

  const pushed = await push(deps, attempt, worktree, commit.sha);
  if (pushed.status === 'refused')
    return { type: 'refused', failure: refusalFor(stored.context.branch, pushed) };
  deps.worktrees.settle(worktree, commit.sha);
  const warnings = commit.skipped.map((path) => `${path} could not be committed`);
  return { type: 'committed', sha: commit.sha, changes: commit.changed, warnings };
}

async function push(
  deps: JobDeps,
  attempt: Attempt,
  worktree: Worktree,
  sha: string,
): Promise<PushResult> {
  const { context, run } = attempt.stored;
  const request = {
    branch: context.branch,
    sha,
    credential: { token: await deps.tokens.toPush(context) },
    defaultBranch: context.repository.defaultBranch,
    protectedBranches: deps.settings.protectedBranches,
    signal: attempt.signal,
  };
  const pushed = await deps.worktrees.workspaces.push(worktree, request);
  if (pushed.status !== 'refused' || pushed.reason !== 'non-fast-forward' || !attempt.startOver)
    return pushed;
  // An attempt that died may have pushed and not reported. Only that very commit may be replaced.
  const orphan = await deps.worktrees.workspaces.orphan(worktree, {
    branch: context.branch,
    parent: run.headSha ?? context.baseSha,
    trailers: { 'Sluice-Run': run.id, 'Sluice-Step': attempt.node },
    credential: request.credential,
  });
  if (orphan === null) return pushed;
  return deps.worktrees.workspaces.push(worktree, { ...request, expectedRemote: orphan });
}

const ADVICE: Readonly<Record<Extract<PushResult, { status: 'refused' }>['reason'], string>> = {
  'protected-branch': 'Choose another branch prefix, or lift the protection.',
  'non-fast-forward':
    'Somebody else pushed to the branch. `/resume` goes on from what is there now.',
  'workflow-files':
    'The step changed files below `.github/workflows`, which this app may not write. Make that change by hand.',
  'remote-rejected': 'A rule of the repository refused it.',
};

function refusalFor(branch: string, refused: Extract<PushResult, { status: 'refused' }>): Failure {
  return {
    class: 'policy',
    reason: refused.reason,
    message: `The commit was not accepted on \`${branch}\`: ${refused.detail}. ${ADVICE[refused.reason]}`,
    retryAfterMs: null,
  };
}

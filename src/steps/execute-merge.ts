import { memberIdFor } from '../engine/read/member-trees.ts';
import { isolatedCommits } from '../engine/read/workspace-for.ts';
import type { Json } from '../plan/json.ts';
import { answered, failed, failure, type StepAnswer } from './answer.ts';
import type { Attempt, Executed } from './attempt.ts';
import { land, messageFor } from './commit-step.ts';
import { memberBranch, type NodeTree, openNodeTree } from './node-tree.ts';
import { pushedBefore } from './pushed-before.ts';
import type { StepDeps } from './step-deps.ts';

type Member = ReturnType<typeof isolatedCommits>[number];

/** Merges what isolated members committed, in declared order. A conflict is an answer. */
export async function executeMerge(deps: StepDeps, attempt: Attempt): Promise<Executed> {
  const { plan, run } = attempt.stored;
  const members = isolatedCommits(plan, run, attempt.node);
  const tree = await openNodeTree(deps, attempt, 'write');
  const done = await pushedBefore(deps, attempt, tree);
  if (done !== null) return merged(deps, attempt, { members, tree, sha: done });

  const lost = await bring(deps, attempt, tree, members);
  if (lost.length > 0) {
    const message = `The commits ${lost.join(', ')} of isolated steps are nowhere to be found.`;
    return failed(failure('execution', 'commit-lost', message));
  }
  const text = `chore: merge ${members.length} worktrees`;
  const message = { ...messageFor(attempt, text), signal: attempt.signal };
  const result = await deps.worktrees.workspaces.merge(
    tree.worktree,
    members.map(({ tree: memberId, commit: sha }) => ({ memberId, sha })),
    message,
  );
  if (result.status === 'conflict') return conflict(deps, attempt, result);
  const landed = await land(deps, attempt, tree, { sha: result.sha, message });
  if (landed.type === 'refused') return failed(landed.failure);
  const { sha } = landed;
  if (!tree.isMember && sha === result.sha) deps.worktrees.settle(tree.worktree, sha);
  return merged(deps, attempt, { members, tree, sha: sha ?? result.sha });
}

async function bring(
  deps: StepDeps,
  { stored, signal }: Attempt,
  { worktree }: NodeTree,
  members: readonly Member[],
): Promise<string[]> {
  const credential = { token: await deps.tokens.toRead(stored.context) };
  const commits = members.map(({ commit }) => commit);
  return deps.worktrees.workspaces.bring(worktree, { commits, credential, signal });
}

async function merged(
  deps: StepDeps,
  attempt: Attempt,
  { members, tree, sha }: { members: readonly Member[]; tree: NodeTree; sha: string },
): Promise<Executed> {
  await tidy(deps, attempt, tree, members);
  return answer(deps, attempt, {
    headline: `${members.length} worktrees are merged.`,
    data: { status: 'merged', members: members.map((member) => member.tree) },
    commit: sha,
    headSha: tree.isMember ? null : sha,
  });
}

function conflict(
  deps: StepDeps,
  attempt: Attempt,
  { memberId, paths }: { memberId: string; paths: readonly string[] },
): Executed {
  return answer(deps, attempt, {
    outcome: 'redesign',
    headline: `The work of ${memberId} conflicts in ${paths.join(', ')}.`.slice(0, 120),
    data: { status: 'conflict', member: memberId, paths },
    fingerprint: [...paths].toSorted(),
  });
}

function answer(
  deps: StepDeps,
  attempt: Attempt,
  given: Omit<StepAnswer, 'text'> & { readonly data: Json },
): Executed {
  const about = { name: null, at: deps.runs.now() };
  return {
    ...answered(attempt, about, { ...given, text: given.headline }),
    output: null,
  };
}

/** The members' branches are no longer needed. A leftover one harms nobody, so failing here is harmless. */
async function tidy(
  deps: StepDeps,
  { stored, signal }: Attempt,
  { worktree }: NodeTree,
  members: readonly Member[],
): Promise<void> {
  const credential = { token: await deps.tokens.toPush(stored.context) };
  for (const { tree, commit: expected } of members) {
    const branch = memberBranch(stored.context.branch, memberIdFor(stored.run, tree));
    await deps.worktrees.workspaces
      .removeBranch(worktree, { branch, expected, credential, signal })
      .catch((error: unknown) => {
        deps.log.warn({ err: error, branch }, 'the branch of a merged step could not be removed');
      });
  }
}

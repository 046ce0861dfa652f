import type { PullRow, RepoRow } from '../emulate/rows.ts';
import type { BareRepositories } from '../git/bare-repositories.ts';
import { GitError, git } from '../git/git.ts';
import { mirrorDown } from '../git/mirror-down.ts';
import { mirrorObjects } from '../git/mirror-up.ts';
import type { Context } from './context.ts';
import type { Events } from './events.ts';
import { type ApiRequest, type ApiResponse, fields, notFound, problem, reply } from './http.ts';
import { callerUser } from './people.ts';
import { pullOf } from './pull-requests.ts';

const CLOSING = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)\b/gi;
const CONFLICT_EXIT = 1;

/** Merges for real: the tree comes from git, newer commits on either side are kept, conflicts are refused. */
export function routeMerges(
  context: Context,
  events: Events,
  repositories: BareRepositories,
): void {
  context.routes.on('PUT', '/repos/:owner/:repo/pulls/:number/merge', async (request) => {
    const found = pullOf(context, request);
    if (found === null) return notFound();
    const { repo, pull } = found;
    const refused = refusal(context, repo, pull, request);
    if (refused !== null) return refused;
    const sha = await repositories.locked(repo, async (dir) => {
      await mirrorDown(context, repo, dir);
      const tree = await mergeTree(dir, pull);
      if (tree === null) return null;
      const commit = await commitMerge(context, dir, repo, pull, tree, request);
      await mirrorObjects(context, repo, dir, commit, [pull.base_sha, pull.head_sha]);
      return commit;
    });
    if (sha === null) return problem(405, 'Pull Request is not mergeable');
    await settle(context, events, repo, pull, sha, request);
    return reply({ sha, merged: true, message: 'Pull Request successfully merged' });
  });

  context.routes.on('GET', '/repos/:owner/:repo/pulls/:number', async (request, next) => {
    const found = pullOf(context, request);
    if (found !== null && found.pull.state === 'open') {
      await judge(context, repositories, found.repo, found.pull);
    }
    return next(request);
  });
}

/** The tree of both sides together, or null when they conflict. */
async function mergeTree(dir: string, { base_sha, head_sha }: PullRow): Promise<string | null> {
  try {
    const output = await git(dir, ['merge-tree', '--write-tree', base_sha, head_sha]);
    return output.toString().split('\n')[0] ?? null;
  } catch (error) {
    if (error instanceof GitError && error.exitCode === CONFLICT_EXIT) return null;
    throw error;
  }
}

const judged = new WeakMap<Context, Map<string, boolean>>();

async function judge(
  context: Context,
  repositories: BareRepositories,
  repo: RepoRow,
  pull: PullRow,
): Promise<void> {
  const verdicts = judged.get(context) ?? new Map<string, boolean>();
  judged.set(context, verdicts);
  const key = `${pull.base_sha} ${pull.head_sha}`;
  const mergeable =
    verdicts.get(key) ??
    (await repositories.locked(repo, async (dir) => {
      await mirrorDown(context, repo, dir);
      return (await mergeTree(dir, pull)) !== null;
    }));
  verdicts.set(key, mergeable);
  const mergeable_state = pull.draft ? 'draft' : mergeable ? 'clean' : 'dirty';
  if (pull.mergeable === mergeable && pull.mergeable_state === mergeable_state) return;
  context.store.pullRequests.update(pull.id, { mergeable, mergeable_state });
}

function refusal(
  context: Context,
  repo: RepoRow,
  pull: PullRow,
  request: ApiRequest,
): ApiResponse | null {
  const base = context.store.branches
    .findBy('repo_id', repo.id)
    .find((branch) => branch.name === pull.base_ref);
  if (base?.protected === true) {
    return problem(405, 'At least 1 approving review is required by reviewers with write access.');
  }
  const { sha, merge_method } = fields(request);
  if (pull.state === 'closed') return problem(405, 'Pull Request is not mergeable');
  if (pull.draft) return problem(405, 'Pull Request is still a draft');
  if (merge_method === 'rebase') {
    return problem(405, 'Rebase merges are not allowed on this repository.');
  }
  if (sha !== undefined && sha !== pull.head_sha) {
    return problem(409, 'Head branch was modified. Review and try the merge again.');
  }
  return null;
}

async function commitMerge(
  context: Context,
  dir: string,
  repo: RepoRow,
  pull: PullRow,
  tree: string,
  request: ApiRequest,
): Promise<string> {
  const { commit_title, commit_message, merge_method } = fields(request);
  const squash = merge_method === 'squash';
  const owner = repo.full_name.split('/')[0];
  const usual = squash
    ? `${pull.title} (#${pull.number})`
    : `Merge pull request #${pull.number} from ${owner}/${pull.head_ref}`;
  const detail = commit_message ?? (squash ? '' : pull.title);
  const message = [commit_title ?? usual, detail].filter(Boolean).map(String).join('\n\n');
  const user = callerUser(context, request.caller);
  const name = user?.name ?? user?.login ?? request.caller.login;
  const email = user?.email ?? `${request.caller.login}@users.noreply.github.com`;
  const parents = squash ? [pull.base_sha] : [pull.base_sha, pull.head_sha];
  const env = {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: 'GitHub',
    GIT_COMMITTER_EMAIL: 'noreply@github.com',
  };
  const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])];
  const output = await git(dir, args, { input: `${message}\n`, env });
  return output.toString().trim();
}

async function settle(
  context: Context,
  events: Events,
  repo: RepoRow,
  pull: PullRow,
  sha: string,
  { caller }: ApiRequest,
): Promise<void> {
  const { store } = context;
  const now = new Date().toISOString();
  const by = callerUser(context, caller)?.id ?? null;
  const closed = { state: 'closed' as const, closed_at: now };
  store.pullRequests.update(pull.id, {
    ...closed,
    merged: true,
    merged_at: now,
    merged_by_id: by,
    merge_commit_sha: sha,
    mergeable: null,
    mergeable_state: 'unknown',
  });
  const rows = store.issues.findBy('repo_id', repo.id);
  const issue = rows.find((row) => row.number === pull.number);
  if (issue !== undefined) store.issues.update(issue.id, { ...closed, closed_by_id: by });
  store.repos.update(repo.id, { open_issues_count: Math.max(0, repo.open_issues_count - 1) });
  const path = `/repos/${repo.full_name}`;
  await context.core('PATCH', `${path}/git/refs/heads/${pull.base_ref}`, { sha }, caller);
  const pull_request = await context.core('GET', `${path}/pulls/${pull.number}`);
  const told = { action: 'closed', number: pull.number, pull_request };
  await events.emit('pull_request', told, repo);
  if (pull.base_ref === repo.default_branch)
    await closeIssues(context, repo, issue?.body ?? '', caller);
}

/** "Closes #1" in the text of a pull request, once it reaches the default branch. */
async function closeIssues(
  context: Context,
  repo: RepoRow,
  text: string,
  caller: ApiRequest['caller'],
): Promise<void> {
  for (const [, number] of text.matchAll(CLOSING)) {
    const path = `/repos/${repo.full_name}/issues/${number}`;
    const body = { state: 'closed', state_reason: 'completed' };
    await context.core('PATCH', path, body, caller).catch(() => undefined);
  }
}

import type { RefRow, RepoRow } from '../emulate/rows.ts';
import { requestCheckSuite } from './check-suites.ts';
import type { Context } from './context.ts';
import type { Events } from './events.ts';
import { callerUser } from './people.ts';
import { type Comparison, compare, findPull, refreshPull } from './pull-facts.ts';

const NOTHING = '0'.repeat(40);
const HEADS = 'refs/heads/';

interface RefChange {
  repo: RepoRow;
  ref: string;
  before: string | null;
  after: string | null;
}

/**
 * Watches every ref of every repository: whatever moves one (git push, contents API, merge button), the pull requests
 * follow at once and the apps are told once.
 */
export function watchRefs(context: Context, events: Events): void {
  const { refs } = context.store;
  const insert = refs.insert.bind(refs);
  const update = refs.update.bind(refs);
  const remove = refs.delete.bind(refs);
  const changed = (row: RefRow, before: string | null, after: string | null) => {
    const repo = context.store.repos.get(row.repo_id);
    if (repo === undefined || before === after) return;
    const change = { repo, ref: row.ref, before, after };
    const pulls = followPulls(context, change);
    context.background(tell(context, events, change, pulls));
  };
  refs.insert = (input) => {
    const row = insert(input);
    changed(row, null, row.sha);
    return row;
  };
  refs.update = (id, patch) => {
    const before = refs.get(id)?.sha ?? null;
    const row = update(id, patch);
    if (row !== undefined) changed(row, before, row.sha);
    return row;
  };
  refs.delete = (id) => {
    const row = refs.get(id);
    const removed = remove(id);
    if (row !== undefined && removed) changed(row, row.sha, null);
    return removed;
  };
}

/** Moves the open pull requests of a branch; returns the numbers of those whose head moved or is gone. */
function followPulls(context: Context, { repo, ref, after }: RefChange): number[] {
  if (!ref.startsWith(HEADS)) return [];
  const branch = ref.slice(HEADS.length);
  const numbers: number[] = [];
  for (const pull of context.store.pullRequests.findBy('repo_id', repo.id)) {
    if (pull.state !== 'open') continue;
    if (pull.base_ref === branch && after !== null) {
      context.store.pullRequests.update(pull.id, { base_sha: after });
    }
    if (pull.head_ref !== branch) continue;
    if (after !== null) context.store.pullRequests.update(pull.id, { head_sha: after });
    numbers.push(pull.number);
  }
  return numbers;
}

async function tell(context: Context, events: Events, change: RefChange, pulls: number[]) {
  await Promise.resolve(); // emulate updates its branches after its refs, in the same turn
  const { repo, before, after } = change;
  const named = { ref: shortName(change.ref), ref_type: refType(change.ref), pusher_type: 'user' };
  if (before === null) {
    const created = { ...named, master_branch: repo.default_branch, description: null };
    await events.emit('create', created, repo);
  }
  if (after === null) await events.emit('delete', named, repo);
  await events.emit('push', await pushPayload(context, change), repo);
  if (after !== null && change.ref.startsWith(HEADS)) {
    await requestCheckSuite(context, events, repo, shortName(change.ref), before ?? NOTHING, after);
  }
  for (const number of pulls) await tellPull(context, events, change, number);
}

async function tellPull(context: Context, events: Events, change: RefChange, number: number) {
  const { repo, before, after } = change;
  const path = `/repos/${repo.full_name}/pulls/${number}`;
  if (after === null) {
    return closePull(context, events, repo, number);
  }
  await refreshPull(context, repo, number);
  const pull_request = await context.core('GET', path);
  const payload = { action: 'synchronize', number, before, after, pull_request };
  await events.emit('pull_request', payload, repo);
}

/** Without its branch a pull request is closed, by whoever deleted the branch. */
async function closePull(context: Context, events: Events, repo: RepoRow, number: number) {
  const { pullRequests, issues, repos } = context.store;
  const closed = { state: 'closed' as const, closed_at: new Date().toISOString() };
  const pull = findPull(context, repo, number);
  const issue = issues.findBy('repo_id', repo.id).find((row) => row.number === number);
  if (pull === undefined || issue === undefined) return;
  pullRequests.update(pull.id, closed);
  issues.update(issue.id, closed);
  repos.update(repo.id, { open_issues_count: Math.max(0, repo.open_issues_count - 1) });
  const pull_request = await context.core('GET', `/repos/${repo.full_name}/pulls/${number}`);
  await events.emit('pull_request', { action: 'closed', number, pull_request }, repo);
}

async function pushPayload(context: Context, { repo, ref, before, after }: RefChange) {
  const pusher = callerUser(context, context.caller());
  const base = before ?? defaultHead(context, repo);
  const comparison =
    after === null || base === null || !ref.startsWith(HEADS)
      ? null
      : await compare(context, repo, base, after);
  const commits = comparison === null ? [] : await pushedCommits(context, repo, comparison);
  return {
    ref,
    before: before ?? NOTHING,
    after: after ?? NOTHING,
    base_ref: null,
    created: before === null,
    deleted: after === null,
    forced: before !== null && after !== null && comparison?.status !== 'ahead',
    compare: `${context.baseUrl}/${repo.full_name}/compare/${before ?? NOTHING}...${after ?? NOTHING}`,
    commits,
    head_commit: commits.at(-1) ?? null,
    pusher: { name: pusher?.login ?? null, email: pusher?.email ?? null },
  };
}

async function pushedCommits(context: Context, repo: RepoRow, comparison: Comparison) {
  return Promise.all(
    comparison.commits.map(async ({ sha, html_url, commit }) => {
      const path = `/repos/${repo.full_name}/commits/${sha}`;
      const { files } = await context.core<Comparison>('GET', path);
      const touched = (...kinds: string[]) =>
        files.filter((file) => kinds.includes(file.status)).map((file) => file.filename);
      return {
        id: sha,
        tree_id: commit.tree.sha,
        distinct: true,
        message: commit.message,
        timestamp: commit.committer.date,
        url: html_url,
        author: { name: commit.author.name, email: commit.author.email },
        committer: { name: commit.committer.name, email: commit.committer.email },
        added: touched('added'),
        removed: touched('removed'),
        modified: touched('modified', 'changed', 'renamed'),
      };
    }),
  );
}

function defaultHead(context: Context, repo: RepoRow): string | null {
  const wanted = `${HEADS}${repo.default_branch}`;
  const rows = context.store.refs.findBy('repo_id', repo.id);
  return rows.find((row) => row.ref === wanted)?.sha ?? null;
}

const shortName = (ref: string): string => ref.replace(/^refs\/(heads|tags)\//, '');
const refType = (ref: string): string => (ref.startsWith('refs/tags/') ? 'tag' : 'branch');

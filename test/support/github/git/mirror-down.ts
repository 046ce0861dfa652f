import type { RepoRow } from '../emulate/rows.ts';
import type { Context } from '../extension/context.ts';
import { readRefs } from './bare-repositories.ts';
import { git, gitLines } from './git.ts';
import {
  hasObject,
  type Identity,
  serialiseCommit,
  serialiseTree,
  type TreeEntry,
  writeObject,
} from './objects.ts';

/** Brings commits born in the API (contents, merge button) and the heads of pull requests into the bare repository. */
export async function mirrorDown(context: Context, repo: RepoRow, dir: string): Promise<void> {
  const mine = await readRefs(dir);
  const theirs = new Map(
    context.store.refs
      .findBy('repo_id', repo.id)
      .filter((row) => /^refs\/(heads|tags)\//.test(row.ref))
      .map((row) => [row.ref, row.sha]),
  );
  for (const [ref, sha] of theirs) {
    if (mine.get(ref) === sha) continue;
    await fetchCommit(context, repo, dir, sha);
    await git(dir, ['update-ref', ref, sha]);
  }
  for (const ref of mine.keys()) {
    if (!theirs.has(ref)) await git(dir, ['update-ref', '-d', ref]);
  }
  await mirrorPullHeads(context, repo, dir);
}

async function mirrorPullHeads(context: Context, repo: RepoRow, dir: string): Promise<void> {
  const format = '--format=%(refname) %(objectname)';
  const lines = await gitLines(dir, ['for-each-ref', format, 'refs/pull']);
  const mine = new Map(lines.map((line) => line.split(' ') as [string, string]));
  for (const pull of context.store.pullRequests.findBy('repo_id', repo.id)) {
    const ref = `refs/pull/${pull.number}/head`;
    if (mine.get(ref) === pull.head_sha) continue;
    await fetchCommit(context, repo, dir, pull.head_sha);
    await git(dir, ['update-ref', ref, pull.head_sha]);
  }
}

interface ApiCommit {
  tree: { sha: string };
  parents: { sha: string }[];
  author: Identity;
  committer: Identity;
  message: string;
}

async function fetchCommit(
  context: Context,
  repo: RepoRow,
  dir: string,
  tip: string,
): Promise<void> {
  const stack = [tip];
  for (let sha = stack.at(-1); sha !== undefined; sha = stack.at(-1)) {
    if (await hasObject(dir, sha)) {
      stack.pop();
      continue;
    }
    const path = `/repos/${repo.full_name}/git/commits/${sha}`;
    const { tree, parents, ...rest } = await context.core<ApiCommit>('GET', path);
    const missing: string[] = [];
    for (const parent of parents) {
      if (!(await hasObject(dir, parent.sha))) missing.push(parent.sha);
    }
    if (missing.length > 0) {
      stack.push(...missing);
      continue;
    }
    await fetchTree(context, repo, dir, tree.sha);
    const parentShas = parents.map((parent) => parent.sha);
    const data = serialiseCommit({ ...rest, tree: tree.sha, parents: parentShas });
    await writeObject(dir, 'commit', data, sha);
    stack.pop();
  }
}

async function fetchTree(context: Context, repo: RepoRow, dir: string, sha: string): Promise<void> {
  if (await hasObject(dir, sha)) return;
  const at = `/repos/${repo.full_name}/git`;
  const { tree } = await context.core<{ tree: TreeEntry[] }>('GET', `${at}/trees/${sha}`);
  for (const entry of tree) {
    if (entry.type === 'tree') await fetchTree(context, repo, dir, entry.sha);
    if (entry.type !== 'blob' || (await hasObject(dir, entry.sha))) continue;
    const { content } = await context.core<{ content: string }>('GET', `${at}/blobs/${entry.sha}`);
    await writeObject(dir, 'blob', Buffer.from(content, 'base64'), entry.sha);
  }
  await writeObject(dir, 'tree', serialiseTree(tree), sha);
}

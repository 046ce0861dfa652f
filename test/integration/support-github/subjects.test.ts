import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { appClient } from './app-client.ts';

let github: LocalGitHub;
let app: ReturnType<typeof appClient>;
const repo = '/repos/acme/demo';

beforeEach(async () => {
  github = await startLocalGitHub();
  app = appClient(github);
});
afterEach(() => github.close());

async function aPull(files: Record<string, string> = { 'w.txt': '1\n' }, draft = false) {
  const bob = github.as('bob');
  await bob.createIssue({ title: 'Wanted' });
  const sha = await bob.pushCommit('work', files);
  const body = { title: 'Work', head: 'work', base: 'main', body: 'Closes #1', draft };
  const { data } = await app('POST', `${repo}/pulls`, body);
  return { number: data.number as number, node_id: data.node_id as string, sha, data };
}

describe('issues', () => {
  it('include pull requests in lists, and can be filtered by label and time', async () => {
    const { number } = await aPull();
    await github.as('bob').label(number, 'sluice:review');

    const all = await app('GET', `${repo}/issues?state=all&sort=created&direction=asc`);
    const labelled = await app('GET', `${repo}/issues?labels=sluice:review`);
    const future = await app('GET', `${repo}/issues?since=2999-01-01T00:00:00Z`);

    expect(all.data.map((each: { number: number }) => each.number)).toEqual([1, number]);
    expect(labelled.data).toMatchObject([{ number, pull_request: {} }]);
    expect(labelled.data[0].labels[0]).toMatchObject({ name: 'sluice:review' });
    expect(future.data).toEqual([]);
  });

  it('show a pull request as an issue, which can be changed as one', async () => {
    const { number } = await aPull();

    const changed = await app('PATCH', `${repo}/issues/${number}`, { title: 'New', labels: ['l'] });
    const { data } = await app('GET', `${repo}/issues/${number}`);

    expect(changed.status).toBe(200);
    expect(data).toMatchObject({ number, title: 'New', labels: [{ name: 'l' }], pull_request: {} });
    expect((await github.pull(number)).title).toBe('New');
  });

  it('are no newer for being labelled', async () => {
    const { updated_at } = await github.as('bob').createIssue({ title: 'One' });
    await github.as('tess').label(1, 'sluice:feature');

    expect(github.issue(1).updated_at).toBe(updated_at);
  });

  it('remember who labelled them', async () => {
    await github.as('bob').createIssue({ title: 'One' });
    await github.as('tess').label(1, 'sluice:feature');

    const { data } = await app('GET', `${repo}/issues/1/events`);

    expect(data.at(-1)).toMatchObject({
      event: 'labeled',
      label: { name: 'sluice:feature' },
      actor: { login: 'tess' },
    });
  });

  it('refuse texts longer than GitHub takes', async () => {
    await github.as('bob').createIssue({ title: 'One' });

    const long = await app('POST', `${repo}/issues/1/comments`, { body: 'x'.repeat(65_537) });

    expect(long.status).toBe(422);
  });
});

describe('comments', () => {
  it('come in pages with links, and since a moment', async () => {
    const bob = github.as('bob');
    await bob.createIssue({ title: 'One' });
    for (let n = 1; n <= 5; n += 1) await bob.comment(1, `comment ${n}`);

    const first = await app('GET', `${repo}/issues/1/comments?per_page=2`);
    const last = await app('GET', `${repo}/issues/1/comments?per_page=2&page=3`);
    const since = await app('GET', `${repo}/issues/1/comments?since=2999-01-01T00:00:00Z`);

    expect(first.data.map((each: { body: string }) => each.body)).toEqual([
      'comment 1',
      'comment 2',
    ]);
    expect(first.headers.get('link')).toContain(
      `<${github.url}${repo}/issues/1/comments?per_page=2&page=2>; rel="next"`,
    );
    expect(last.data).toHaveLength(1);
    expect(last.headers.get('link')).not.toContain('rel="next"');
    expect(since.data).toEqual([]);
  });

  it('are folded and unfolded by GraphQL, with the input given either way', async () => {
    await github.as('bob').createIssue({ title: 'One' });
    const { data } = await app('POST', `${repo}/issues/1/comments`, { body: 'old news' });

    const folded = await app('POST', '/graphql', {
      query: `mutation { minimizeComment(input: {subjectId: "${data.node_id}", classifier: OUTDATED}) { minimizedComment { isMinimized } } }`,
    });
    const [comment] = await github.comments(1);
    const unfolded = await app('POST', '/graphql', {
      query:
        'mutation ($input: UnminimizeCommentInput!) { unminimizeComment(input: $input) { unminimizedComment { isMinimized } } }',
      variables: { input: { subjectId: data.node_id } },
    });

    expect(folded.data.data.minimizeComment.minimizedComment.isMinimized).toBe(true);
    expect(comment?.minimised).toBe('outdated');
    expect(unfolded.data.data.unminimizeComment.unminimizedComment.isMinimized).toBe(false);
    expect((await github.comments(1))[0]?.minimised).toBeNull();
  });
});

describe('reactions', () => {
  it('are one per person and content, and belong to who left them', async () => {
    await github.as('bob').createIssue({ title: 'One' });

    const first = await app('POST', `${repo}/issues/1/reactions`, { content: 'eyes' });
    const again = await app('POST', `${repo}/issues/1/reactions`, { content: 'eyes' });
    await github.as('rita').react({ issue: 1 }, 'eyes');
    const { data } = await app('GET', `${repo}/issues/1`);

    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.data.id).toBe(first.data.id);
    expect(github.reactions({ issue: 1 }).map((each) => each.user)).toEqual([
      'sluice[bot]',
      'rita',
    ]);
    expect(data.reactions).toMatchObject({ total_count: 2, eyes: 2 });
  });

  it('can be taken back, and others are refused', async () => {
    await github.as('bob').createIssue({ title: 'One' });
    const { data } = await app('POST', `${repo}/issues/1/reactions`, { content: 'rocket' });

    const removed = await app('DELETE', `${repo}/issues/1/reactions/${data.id}`);
    const invented = await github
      .as('bob')
      .request('POST', `${repo}/issues/1/reactions`, { content: 'tada' });

    expect([removed.status, invented.status]).toEqual([204, 422]);
    expect(github.reactions({ issue: 1 })).toEqual([]);
  });
});

describe('pull requests', () => {
  it('count their commits, files and lines', async () => {
    const { number, data } = await aPull({ 'a.txt': '1\n2\n', 'b.txt': '3\n' });

    const files = await app('GET', `${repo}/pulls/${number}/files`);
    const commits = await app('GET', `${repo}/pulls/${number}/commits`);

    expect(data).toMatchObject({ commits: 1, changed_files: 2, additions: 3, deletions: 0 });
    expect(files.data.map((each: { filename: string }) => each.filename)).toEqual([
      'a.txt',
      'b.txt',
    ]);
    expect(commits.data).toHaveLength(1);
  });

  it.each([
    ['a branch that is not there', { head: 'nowhere' }, /"field":"head"/],
    ['a base that is not there', { base: 'nowhere' }, /"field":"base"/],
    ['nothing to merge', { head: 'same' }, /No commits between main and same/],
    ['a second one for the same branch', {}, /already exists for acme:work/],
  ])('are refused for %s', async (_, change, reason) => {
    await aPull();
    const { object } = (await app('GET', `${repo}/git/ref/heads/main`)).data;
    await app('POST', `${repo}/git/refs`, { ref: 'refs/heads/same', sha: object.sha });

    const body = { title: 'Again', head: 'work', base: 'main', ...change };
    const { status, data } = await app('POST', `${repo}/pulls`, body);

    expect(status).toBe(422);
    expect(JSON.stringify(data)).toMatch(reason);
  });

  it('are found by a commit of theirs', async () => {
    const { number, sha } = await aPull();
    const later = await github.as('bob').pushCommit('work', { 'w.txt': '2\n' });

    for (const commit of [sha, later]) {
      const { data } = await app('GET', `${repo}/commits/${commit}/pulls`);
      expect(data).toMatchObject([{ number, head: { sha: later } }]);
    }
  });

  it('leave their draft state by GraphQL and not by REST', async () => {
    const { number, node_id } = await aPull({ 'w.txt': 'w\n' }, true);
    const query =
      'mutation($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }';

    await github.as('bob').request('PATCH', `${repo}/pulls/${number}`, { draft: false });
    const afterRest = (await github.pull(number)).draft;
    const { data } = await app('POST', '/graphql', { query, variables: { id: node_id } });

    expect(afterRest).toBe(true);
    expect(data.data.markPullRequestReadyForReview.pullRequest.isDraft).toBe(false);
    expect((await github.pull(number)).draft).toBe(false);
  });

  it('merge truly: commits of both sides stay, and the issue they close is closed', async () => {
    const { number } = await aPull({ 'w.txt': '1\n' });
    await github.as('bob').pushCommit('work', { 'w2.txt': '2\n' });
    await github.as('bob').pushCommit('main', { 'meanwhile.txt': 'm\n' });

    const sha = await github.as('alice').merge(number);

    expect(await github.sha('main')).toBe(sha);
    for (const file of ['w.txt', 'w2.txt', 'meanwhile.txt']) {
      expect(await github.fileAt('main', file)).not.toBeNull();
    }
    expect(await github.pull(number)).toMatchObject({ merged: true, state: 'closed', commits: 2 });
    expect(github.issue(1).state).toBe('closed');
    expect((await github.changes(number)).files).toHaveLength(2);
  });

  it('squash into one commit', async () => {
    const { number } = await aPull({ 'w.txt': '1\n' });
    await github.as('bob').pushCommit('work', { 'w.txt': '2\n' });

    await github.as('bob').merge(number, 'squash');

    const messages = (await github.commits('main')).map((commit) => commit.message.trim());
    expect(messages).toEqual([`Work (#${number})`, 'Initial commit']);
  });

  it('do not merge over a conflict, a draft or a head that moved', async () => {
    const { number } = await aPull({ 'README.md': 'ours\n' });
    await github.as('bob').pushCommit('main', { 'README.md': 'theirs\n' });

    const moved = await app('PUT', `${repo}/pulls/${number}/merge`, { sha: '0'.repeat(40) });
    const conflict = await app('PUT', `${repo}/pulls/${number}/merge`, { merge_method: 'merge' });

    expect((await app('GET', `${repo}/pulls/${number}`)).data).toMatchObject({
      mergeable: false,
      mergeable_state: 'dirty',
    });
    expect([moved.status, conflict.status]).toEqual([409, 405]);
    expect(await github.fileAt('main', 'README.md')).toBe('theirs\n');
  });
});

describe('diffs', () => {
  it('come as git makes them to who accepts one', async () => {
    const { number } = await aPull({ 'w.txt': 'new\n' });
    const accept = { accept: 'application/vnd.github.diff' };

    const pull = await app('GET', `${repo}/pulls/${number}`, undefined, accept);
    const comparison = await app('GET', `${repo}/compare/main...work`, undefined, accept);

    expect(pull.data).toContain('+++ b/w.txt');
    expect(comparison.data).toBe(pull.data);
  });
});

describe('branches', () => {
  it('say whether they are protected', async () => {
    const { number } = await aPull();
    await github.protect('main');

    const { data } = await app('GET', `${repo}/branches/main`);

    expect(data).toMatchObject({ name: 'main', protected: true });
    await expect(github.as('alice').merge(number)).rejects.toMatchObject({ status: 405 });
  });
});

describe('contents', () => {
  it('come raw as text', async () => {
    const { data, headers } = await app('GET', `${repo}/contents/README.md`, undefined, {
      accept: 'application/vnd.github.raw+json',
    });

    expect(headers.get('content-type')).toContain('charset=utf-8');
    expect(data).toContain('# demo');
  });
});

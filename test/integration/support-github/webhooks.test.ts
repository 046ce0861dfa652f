import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { appClient } from './app-client.ts';
import { startReceiver } from './receiver.ts';

let github: LocalGitHub;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeEach(async () => {
  [github, receiver] = await Promise.all([startLocalGitHub(), startReceiver()]);
  github.setWebhookUrl(receiver.url);
});
afterEach(async () => {
  await github.close();
  await receiver.close();
});

describe('a delivery', () => {
  it('is signed with the app’s secret and carries GitHub’s headers', async () => {
    await github.as('bob').createIssue({ title: 'One' });
    await github.idle();

    const [delivery] = receiver.received;
    const signature = createHmac('sha256', github.app.webhookSecret)
      .update(delivery?.raw ?? '')
      .digest('hex');
    expect(delivery?.headers).toMatchObject({
      'x-github-event': 'issues',
      'x-github-hook-installation-target-id': String(github.app.appId),
      'x-hub-signature-256': `sha256=${signature}`,
    });
    expect(delivery?.headers['x-github-delivery']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('has a GUID of its own, however many come at once', async () => {
    const bob = github.as('bob');
    await bob.createIssue({ title: 'One' });
    await Promise.all(Array.from({ length: 30 }, (_, n) => bob.comment(1, `comment ${n}`)));
    await github.idle();

    const ids = receiver.received.map((each) => each.headers['x-github-delivery']);
    expect(new Set(ids).size).toBe(31);
  });

  it('names sender, repository, organisation and installation', async () => {
    await github.as('mallory').createIssue({ title: 'One' });
    await github.idle();

    expect(receiver.find('issues.opened')).toMatchObject({
      sender: { login: 'mallory', type: 'User', id: expect.any(Number) },
      repository: { full_name: 'acme/demo', clone_url: `${github.url}/acme/demo.git` },
      organization: { login: 'acme' },
      installation: { id: github.app.installationId },
    });
  });

  it('can be held back, and the app does not know of it until it comes', async () => {
    const app = appClient(github);

    const { number } = await github.holdBack(() => github.as('bob').createIssue({ title: 'One' }));

    expect(receiver.received).toEqual([]);
    expect((await app('GET', '/app/hook/deliveries')).data).toEqual([]);
    const [held] = github.deliveries;
    await github.redeliver(held?.guid ?? '');
    expect(receiver.find('issues.opened')).toMatchObject({ issue: { number } });
  });

  it('fails when the app is down, and the app can have it again under the same GUID', async () => {
    const app = appClient(github);
    receiver.state.status = 503;
    await github.as('bob').createIssue({ title: 'Lost' });
    github.setWebhookUrl('http://127.0.0.1:9/');
    await github.as('bob').comment(1, 'lost too');
    await github.idle();
    github.setWebhookUrl(receiver.url);
    receiver.state.status = 202;

    const { data } = await app('GET', '/app/hook/deliveries?status=failure');
    const again = await app('POST', `/app/hook/deliveries/${data[1].id}/attempts`);
    await github.idle();

    expect(data.map((each: { event: string }) => each.event)).toEqual(['issue_comment', 'issues']);
    expect(data[1]).toMatchObject({ status_code: 503, redelivery: false });
    expect(again.status).toBe(202);
    const [first, second] = receiver.received;
    expect(second?.headers['x-github-delivery']).toBe(first?.headers['x-github-delivery']);
    expect(github.deliveries.at(-1)).toMatchObject({ redelivery: true, status: 'OK' });
  });

  it('is listed newest first, by cursor, for the app alone and for three days', async () => {
    const app = appClient(github);
    const bob = github.as('bob');
    await bob.createIssue({ title: 'One' });
    for (const text of ['a', 'b', 'c']) await bob.comment(1, text);
    await github.idle();

    const first = await app('GET', '/app/hook/deliveries?per_page=3');
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await app('GET', next.replace(github.url, ''));
    const stranger = await bob.request('GET', '/app/hook/deliveries');
    github.clock.advance(4 * 24 * 60 * 60 * 1000);
    const late = await app('GET', '/app/hook/deliveries');

    expect(first.data.map((each: { id: number }) => each.id)).toEqual([4, 3, 2]);
    expect(second.data.map((each: { id: number }) => each.id)).toEqual([1]);
    expect(second.headers.get('link')).toBeNull();
    expect(stranger.status).toBe(401);
    expect(late.data).toEqual([]);
  });

  it('can be anything a test wants to send', async () => {
    const delivery = await github.deliver('installation', { action: 'suspend' });

    expect(delivery.statusCode).toBe(202);
    expect(receiver.names()).toEqual(['installation.suspend']);
  });
});

describe('events', () => {
  it('tell of a label once per label, also of labels set while opening', async () => {
    const bob = github.as('bob');
    await bob.createIssue({ title: 'One', labels: ['a', 'b'] });
    await bob.label(1, 'c');
    await bob.unlabel(1, 'a');
    await github.idle();

    expect(receiver.names()).toEqual([
      'issues.opened',
      'issues.labeled',
      'issues.labeled',
      'issues.labeled',
      'issues.unlabeled',
    ]);
    expect(receiver.received[3]?.payload['label']).toMatchObject({
      name: 'c',
      id: expect.any(Number),
    });
  });

  it('say what a comment said before, and nothing when it did not change', async () => {
    const bob = github.as('bob');
    await bob.createIssue({ title: 'One' });
    const { id } = await bob.comment(1, 'before');
    await bob.editComment(id, 'after');
    await bob.editComment(id, 'after');
    await bob.deleteComment(id);
    await github.idle();

    expect(receiver.names().slice(1)).toEqual([
      'issue_comment.created',
      'issue_comment.edited',
      'issue_comment.deleted',
    ]);
    expect(receiver.find('issue_comment.edited')).toMatchObject({
      changes: { body: { from: 'before' } },
      comment: { body: 'after' },
      sender: { login: 'bob' },
    });
  });

  it('mark comments and labels of a pull request as such', async () => {
    const bob = github.as('bob');
    await bob.pushCommit('work', { 'w.txt': 'w\n' });
    const { number } = await bob.createPull({ title: 'W', head: 'work', base: 'main' });
    await bob.comment(number, 'on a pull request');
    await bob.label(number, 'sluice:review');
    await github.idle();

    expect(receiver.find('issue_comment.created')).toMatchObject({
      issue: { number, pull_request: { html_url: `${github.url}/acme/demo/pull/${number}` } },
    });
    expect(receiver.find('pull_request.labeled')).toMatchObject({
      number,
      label: { name: 'sluice:review' },
      pull_request: { head: { ref: 'work' } },
    });
    expect(receiver.names()).not.toContain('issues.labeled');
  });

  it('follow a branch: push, synchronize, deletion, and a check suite for every head', async () => {
    const bob = github.as('bob');
    const first = await bob.pushCommit('work', { 'w.txt': '1\n' });
    const { number } = await bob.createPull({ title: 'W', head: 'work', base: 'main' });
    const second = await bob.pushCommit('work', { 'w.txt': '2\n', 'new.txt': 'n\n' });
    await bob.deleteBranch('work');
    await github.idle();

    expect(receiver.names().toSorted()).toEqual(
      [
        'push',
        'check_suite.requested',
        'pull_request.opened',
        'push',
        'check_suite.requested',
        'pull_request.synchronize',
        'push',
        'pull_request.closed',
      ].toSorted(),
    );
    const [created, moved, deleted] = receiver.received
      .filter((each) => each.event === 'push')
      .map((each) => each.payload);
    expect(created).toMatchObject({ ref: 'refs/heads/work', created: true, after: first });
    expect(moved).toMatchObject({
      before: first,
      after: second,
      forced: false,
      commits: [{ id: second, added: ['new.txt'], modified: ['w.txt'] }],
    });
    expect(deleted).toMatchObject({ deleted: true, before: second });
    expect(receiver.find('pull_request.closed')).toMatchObject({ sender: { login: 'bob' } });
    expect(receiver.find('pull_request.synchronize')).toMatchObject({
      number,
      before: first,
      after: second,
      pull_request: { head: { sha: second }, changed_files: 2 },
      sender: { login: 'bob' },
    });
  });

  it('name the app’s bot as the sender of what the app did', async () => {
    const app = appClient(github);
    await github.as('bob').createIssue({ title: 'One' });
    await app('POST', '/repos/acme/demo/issues/1/comments', { body: 'from the app' });
    await github.idle();

    expect(receiver.find('issue_comment.created')).toMatchObject({
      sender: { login: 'sluice[bot]', type: 'Bot' },
      comment: { performed_via_github_app: { slug: 'sluice', id: github.app.appId } },
    });
  });
});

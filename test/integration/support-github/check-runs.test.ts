import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { appClient } from './app-client.ts';
import { startReceiver } from './receiver.ts';

let github: LocalGitHub;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let app: ReturnType<typeof appClient>;
let head_sha: string;
const runs = '/repos/acme/demo/check-runs';
const output = { title: 'Title', summary: 'Summary' };
const approve = { label: 'Approve', description: 'Go on', identifier: 'approve' };

beforeEach(async () => {
  [github, receiver] = await Promise.all([startLocalGitHub(), startReceiver()]);
  app = appClient(github);
  head_sha = await github.as('bob').pushCommit('topic', { 'w.txt': 'w\n' });
  github.setWebhookUrl(receiver.url);
});
afterEach(async () => {
  await github.close();
  await receiver.close();
});

const annotation = (start_line: number) => ({
  path: 'w.txt',
  start_line,
  end_line: start_line,
  annotation_level: 'notice',
  message: 'm',
});

const create = (more: object = {}) =>
  app('POST', runs, { name: 'sluice / feature', head_sha, ...more });

describe('a check run', () => {
  it('belongs to its app and to the open pull requests of its head', async () => {
    await github.as('bob').createPull({ title: 'W', head: 'topic', base: 'main' });

    const { data } = await create({ status: 'in_progress', output });

    expect(data).toMatchObject({
      app: { id: github.app.appId, slug: 'sluice' },
      pull_requests: [{ number: 1, head: { ref: 'topic' } }],
      html_url: `${github.url}/acme/demo/runs/${data.id}`,
    });
  });

  it('is completed by a conclusion', async () => {
    const { data } = await create();

    const updated = await app('PATCH', `${runs}/${data.id}`, { conclusion: 'success', output });

    expect(updated.data).toMatchObject({ status: 'completed', conclusion: 'success' });
    expect(updated.data.completed_at).not.toBeNull();
  });

  it('collects the annotations of every update', async () => {
    const { data } = await create({ output: { ...output, annotations: [annotation(1)] } });

    await app('PATCH', `${runs}/${data.id}`, {
      output: { ...output, annotations: [annotation(2)] },
    });
    await app('PATCH', `${runs}/${data.id}`, { status: 'in_progress' });

    expect((await github.checkRun(data.id)).output.annotations_count).toBe(2);
  });

  it.each([
    ['a fourth button', { actions: [approve, approve, approve, approve] }],
    ['a long label', { actions: [{ ...approve, label: 'x'.repeat(21) }] }],
    ['a long description', { actions: [{ ...approve, description: 'x'.repeat(41) }] }],
    ['a long identifier', { actions: [{ ...approve, identifier: 'x'.repeat(21) }] }],
    [
      '51 annotations',
      { output: { ...output, annotations: Array.from({ length: 51 }, () => ({})) } },
    ],
    ['a summary too long', { output: { title: 't', summary: 'x'.repeat(65_536) } }],
    ['an output without summary', { output: { title: 't' } }],
    ['completed without conclusion', { status: 'completed' }],
    ['a commit that is not there', { head_sha: '0'.repeat(40) }],
  ])('is refused for %s', async (_, change) => {
    const { status } = await create(change);

    github.violations.length = 0;
    expect(status).toBe(422);
  });

  it('is listed newest per name, or all, with its app and page', async () => {
    const first = await create({ external_id: 'one' });
    const second = await create({ external_id: 'two' });
    await create({ name: 'another' });

    const latest = await app(
      'GET',
      `/repos/acme/demo/commits/topic/check-runs?check_name=sluice%20%2F%20feature`,
    );
    const all = await app('GET', `/repos/acme/demo/commits/${head_sha}/check-runs?filter=all`);
    const foreign = await app('GET', `/repos/acme/demo/commits/${head_sha}/check-runs?app_id=99`);

    expect(latest.data.check_runs.map((run: { id: number }) => run.id)).toEqual([second.data.id]);
    expect(all.data.total_count).toBe(3);
    expect(first.data.id).not.toBe(second.data.id);
    expect(foreign.data.total_count).toBe(0);
  });
});

describe('its buttons', () => {
  it('send requested_action with who pressed, once the run is completed', async () => {
    const { data } = await create({ actions: [approve], output });
    const early = github.as('bob').press(data.id, 'approve');
    await expect(early).rejects.toMatchObject({ status: 422 });
    await app('PATCH', `${runs}/${data.id}`, { conclusion: 'action_required' });

    await github.as('rita').press(data.id, 'approve');
    await github.idle();

    expect(receiver.find('check_run.requested_action')).toMatchObject({
      requested_action: { identifier: 'approve' },
      check_run: { id: data.id, app: { slug: 'sluice' } },
      sender: { login: 'rita' },
    });
  });

  it('are gone when an update names others', async () => {
    const { data } = await create({ conclusion: 'action_required', actions: [approve], output });

    await app('PATCH', `${runs}/${data.id}`, { conclusion: 'success', actions: [] });

    expect((await github.checkRun(data.id)).actions).toEqual([]);
    await expect(github.as('bob').press(data.id, 'approve')).rejects.toMatchObject({ status: 422 });
  });

  it('include GitHub’s own Re-run, which leaves the run as it is', async () => {
    const { data } = await create({ conclusion: 'failure', output });

    await github.as('bob').rerequest(data.id);
    await github.idle();

    expect(receiver.find('check_run.rerequested')).toMatchObject({
      check_run: { id: data.id, conclusion: 'failure' },
      sender: { login: 'bob' },
    });
    expect((await github.checkRun(data.id)).conclusion).toBe('failure');
  });
});

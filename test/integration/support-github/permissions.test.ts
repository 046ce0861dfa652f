import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { appClient } from './app-client.ts';

let github: LocalGitHub;
let app: ReturnType<typeof appClient>;

beforeAll(async () => {
  github = await startLocalGitHub({
    repositories: [
      { name: 'demo', files: { a: 'a' } },
      { name: 'secret', private: true },
    ],
  });
  app = appClient(github);
  await github.as('alice').createIssue({ title: 'One', body: 'by alice' });
});
afterAll(() => github.close());

const permission = async (login: string, repository = 'demo') =>
  (await app('GET', `/repos/acme/${repository}/collaborators/${login}/permission`)).data;

describe('the permission API', () => {
  it.each([
    ['alice', 'admin', 'admin'],
    ['maya', 'write', 'maintain'],
    ['bob', 'write', 'write'],
    ['tess', 'read', 'triage'],
    ['rita', 'read', 'read'],
    ['mallory', 'read', 'read'],
  ])('says of %s: permission %s, role %s', async (login, level, role) => {
    expect(await permission(login)).toMatchObject({ permission: level, role_name: role });
  });

  it('says none of strangers to a private repository', async () => {
    expect(await permission('mallory', 'secret')).toMatchObject({ role_name: 'none' });
  });

  it('follows a change of role at once', async () => {
    github.setRole('rita', 'admin');
    const promoted = await permission('rita');
    github.setRole('rita', 'read');

    expect(promoted).toMatchObject({ role_name: 'admin' });
  });

  it('knows nobody by the name of a bot or of nobody', async () => {
    const path = '/repos/acme/demo/collaborators';
    const bot = await app('GET', `${path}/${encodeURIComponent('sluice[bot]')}/permission`);
    const nobody = await app('GET', `${path}/nobody/permission`);

    expect([bot.status, nobody.status]).toEqual([404, 404]);
  });
});

describe('on a public repository', () => {
  it.each(['rita', 'mallory'])('%s comments and reacts', async (login) => {
    const person = github.as(login);

    const comment = await person.comment(1, 'a word');
    await person.react({ comment: comment.id }, '+1');

    expect(github.reactions({ comment: comment.id })).toEqual([{ content: '+1', user: login }]);
  });

  it.each(['rita', 'mallory'])('%s neither labels nor edits what others wrote', async (login) => {
    const person = github.as(login);
    const { id } = await github.as('bob').comment(1, 'by bob');

    await expect(person.label(1, 'x')).rejects.toMatchObject({ status: 403 });
    await expect(person.editComment(id, 'stolen')).rejects.toMatchObject({ status: 403 });
    await expect(person.deleteComment(id)).rejects.toMatchObject({ status: 403 });
    await expect(person.editIssue(1, { state: 'closed' })).rejects.toMatchObject({ status: 403 });
    await expect(person.pushCommit('mine', { x: 'x' })).rejects.toMatchObject({ status: 403 });
  });

  it('a stranger’s own issue is theirs to close, and its labels are dropped silently', async () => {
    const mallory = github.as('mallory');

    const { number } = await mallory.createIssue({ title: 'Mine', labels: ['sluice:feature'] });
    await mallory.editIssue(number, { state: 'closed' });

    expect(github.labels(number)).toEqual([]);
    expect(github.issue(number).state).toBe('closed');
  });

  it('triage labels but does not edit comments of others, and a writer does both', async () => {
    const { id } = await github.as('rita').comment(1, 'by rita');

    await github.as('tess').label(1, 'triaged');

    await expect(github.as('tess').editComment(id, 'x')).rejects.toMatchObject({ status: 403 });
    await expect(github.as('bob').editComment(id, 'moderated')).resolves.toMatchObject({
      body: 'moderated',
    });
  });

  it('no person writes check runs', async () => {
    const body = { name: 'mine', head_sha: await github.sha('main') };

    const answer = await github.as('alice').request('POST', '/repos/acme/demo/check-runs', body);

    expect(answer.status).toBe(403);
  });
});

describe('a private repository', () => {
  it('does not exist for a stranger', async () => {
    const stranger = await github.as('mallory').request('GET', '/repos/acme/secret');
    const reader = await github.as('rita').request('GET', '/repos/acme/secret');

    expect([stranger.status, reader.status]).toEqual([404, 200]);
  });
});

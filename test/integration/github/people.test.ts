import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { readPermission } from '#src/github/permissions.ts';
import { isTeamMember } from '#src/github/teams.ts';
import { gitHubAt } from './faulty-github.ts';
import { installed } from './installed.ts';

const here = installed();

describe('readPermission', () => {
  it.each([
    { login: 'alice', permission: 'admin', roleName: 'admin' },
    { login: 'maya', permission: 'write', roleName: 'maintain' },
    { login: 'bob', permission: 'write', roleName: 'write' },
    { login: 'tess', permission: 'read', roleName: 'triage' },
    { login: 'rita', permission: 'read', roleName: 'read' },
  ])('tells that $login is $roleName', async ({ login, permission, roleName }) => {
    expect(await readPermission(here.octokit, here.repository, login)).toEqual({
      permission,
      roleName,
    });
  });

  it('knows nothing of somebody without an account', async () => {
    expect(await readPermission(here.octokit, here.repository, 'nobody')).toBeNull();
  });

  it('fails rather than guesses when GitHub does', async () => {
    here.local.faults.add({ kind: '500', path: /permission/, times: 4 });

    const reading = readPermission(here.octokit, here.repository, 'alice');

    await expect(reading).rejects.toMatchObject({ code: 'server' });
  });
});

describe('isTeamMember', () => {
  const core = { org: 'acme', slug: 'core' };
  const membership = '/orgs/acme/teams/core/memberships/';

  it.each([
    { login: 'lee', status: 200, state: 'active', member: true },
    { login: 'ann', status: 200, state: 'pending', member: false },
    { login: 'eve', status: 404, state: undefined, member: false },
  ])(
    'says $member of $login, answered $status $state',
    async ({ login, status, state, member }) => {
      const teams = gitHubWithToken().get(`${membership}${login}`).reply(status, { state });

      expect(await isTeamMember(client(), core, login)).toBe(member);
      expect(teams.isDone()).toBe(true);
    },
  );

  it('fails when it may not look', async () => {
    gitHubWithToken().get(`${membership}lee`).reply(403, { message: 'Resource not accessible' });

    await expect(isTeamMember(client(), core, 'lee')).rejects.toMatchObject({ code: 'forbidden' });
  });
});

const client = () => gitHubAt('https://github.test').installation(100);

function gitHubWithToken() {
  const expires_at = new Date(Date.now() + 3_600_000).toISOString();
  return nock('https://github.test')
    .post('/app/installations/100/access_tokens')
    .reply(201, { token: 't', expires_at });
}

import nock from 'nock';
import { describe, expect, it } from 'vitest';
import {
  ensurePullRequest,
  findPullRequest,
  findPullRequestOfBranch,
  markReadyForReview,
  updatePullRequest,
} from '#src/github/pull-requests.ts';
import { gitHubAt } from './faulty-github.ts';
import { installed, requestsOf } from './installed.ts';

const here = installed();

async function aBranch(name: string): Promise<string> {
  return await here.local.as('bob').pushCommit(name, { [`${name}.txt`]: 'x' });
}

const wanted = (head: string) => ({ title: 'T', body: `Closes #1`, head, base: 'main' });
const ensure = (head: string) => ensurePullRequest(here.octokit, here.repository, wanted(head));
const item = (number: number) => ({ ...here.repository, number });

describe('ensurePullRequest', () => {
  it('opens one draft for a branch, however often it is asked', async () => {
    await aBranch('sluice/1-feature-a');

    const first = await ensure('sluice/1-feature-a');
    const second = await ensure('sluice/1-feature-a');

    expect(first).toMatchObject({
      draft: true,
      state: 'open',
      baseBranch: 'main',
      fromFork: false,
    });
    expect(second.number).toBe(first.number);
    expect(await here.local.pulls()).toHaveLength(1);
  });

  it('finds the one whose creation was answered with silence', async () => {
    await aBranch('sluice/1-feature-b');
    here.local.faults.add({ kind: 'lost-reply', method: /POST/, path: /pulls/ });

    await expect(ensure('sluice/1-feature-b')).rejects.toMatchObject({ code: 'uncertain' });
    const pull = await ensure('sluice/1-feature-b');

    const [only, ...others] = (await here.local.pulls()).filter(({ head }) =>
      head.ref.endsWith('-b'),
    );
    expect(pull.number).toBe(only?.number);
    expect(others).toEqual([]);
  });

  it('does not open a second one after a person closed the first', async () => {
    await aBranch('sluice/1-feature-c');
    const first = await ensure('sluice/1-feature-c');
    await here.local.as('alice').closePull(first.number);

    expect(await ensure('sluice/1-feature-c')).toMatchObject({
      number: first.number,
      state: 'closed',
    });
  });

  it('opens an ordinary one where the repository knows no drafts', async () => {
    await aBranch('sluice/1-feature-d');
    here.local.faults.add({ kind: '422', method: /POST/, path: /pulls/ });

    expect(await ensure('sluice/1-feature-d')).toMatchObject({ draft: false, state: 'open' });
  });

  it('says so when GitHub refuses it for another reason', async () => {
    await expect(ensure('no-such-branch')).rejects.toMatchObject({ code: 'validation' });
  });
});

describe('a pull request', () => {
  it('is marked ready once', async () => {
    await aBranch('sluice/2-feature');
    const { number } = await ensure('sluice/2-feature');
    requestsOf(here);

    expect(await markReadyForReview(here.octokit, item(number))).toBe('ready');
    expect(await markReadyForReview(here.octokit, item(number))).toBe('ready');
    const mutations = requestsOf(here).filter((request) => request.includes('/graphql'));

    expect(mutations).toHaveLength(1);
    expect((await here.local.pull(number)).draft).toBe(false);
  });

  it('that is closed or missing is not marked ready', async () => {
    await aBranch('sluice/3-feature');
    const { number } = await ensure('sluice/3-feature');
    await here.local.as('alice').closePull(number);

    expect(await markReadyForReview(here.octokit, item(number))).toBe('closed');
    expect(await markReadyForReview(here.octokit, item(9999))).toBe('gone');
  });

  it('gets a new title and body', async () => {
    await aBranch('sluice/4-feature');
    const { number } = await ensure('sluice/4-feature');

    const answer = await updatePullRequest(here.octokit, item(number), { title: 'U', body: 'new' });
    const missing = await updatePullRequest(here.octokit, item(9999), { body: 'new' });

    expect([answer, missing]).toEqual(['updated', 'gone']);
    expect(await findPullRequest(here.octokit, item(number))).toMatchObject({
      title: 'U',
      body: 'new',
    });
  });

  it('is nothing where there is none', async () => {
    expect(await findPullRequest(here.octokit, item(9999))).toBeNull();
    expect(await findPullRequestOfBranch(here.octokit, here.repository, 'none')).toBeNull();
  });
});

describe('a pull request from a fork', () => {
  it("never passes for one of the repository's own branches, and may have lost its repository", async () => {
    const fork = nock('https://github.test')
      .post('/app/installations/100/access_tokens')
      .reply(201, { token: 't', expires_at: new Date(Date.now() + 3_600_000).toISOString() })
      .get('/repos/acme/demo/pulls')
      .query({
        head: 'acme:sluice/1-feature',
        state: 'all',
        sort: 'created',
        direction: 'desc',
        per_page: 100,
      })
      .reply(200, [aPull({ id: 2, full_name: 'mallory/demo' })])
      .get('/repos/acme/demo/pulls/3')
      .reply(200, aPull(null));
    const octokit = gitHubAt('https://github.test').installation(100);

    const own = await findPullRequestOfBranch(octokit, here.repository, 'sluice/1-feature');
    const orphan = await findPullRequest(octokit, item(3));

    expect(own).toBeNull();
    expect(orphan).toMatchObject({ fromFork: true, headRepository: null });
    expect(fork.isDone()).toBe(true);
  });
});

function aPull(headRepository: { id: number; full_name: string } | null) {
  return {
    number: 3,
    node_id: 'PR_3',
    html_url: 'https://github.test/acme/demo/pull/3',
    title: 'T',
    body: null,
    state: 'open',
    merged_at: null,
    user: { login: 'mallory' },
    base: { ref: 'main', sha: 'b', repo: { id: 1 } },
    head: { ref: 'sluice/1-feature', sha: 'h', repo: headRepository },
    labels: [],
  };
}

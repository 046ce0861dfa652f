import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';

const at = { owner: 'acme', repo: 'demo' };
let github: LocalGitHub;
let octokit: Octokit;

beforeAll(async () => {
  github = await startLocalGitHub();
  const { appId, privateKey, installationId } = github.app;
  octokit = new Octokit({
    baseUrl: github.url,
    authStrategy: createAppAuth,
    auth: { appId, privateKey, installationId },
  });
});
afterAll(() => github.close());

describe('the real Octokit', () => {
  it('gets its own tokens and follows pages', async () => {
    await github.as('bob').createIssue({ title: 'One' });
    for (let n = 1; n <= 5; n += 1) await github.as('bob').comment(1, `comment ${n}`);

    const comments = await octokit.paginate(octokit.rest.issues.listComments, {
      ...at,
      issue_number: 1,
      per_page: 2,
    });

    expect(comments.map((comment) => comment.body)).toHaveLength(5);
    expect(github.requests.at(-1)).toMatchObject({ who: 'sluice[bot]', status: 200 });
  });

  it('reads files raw, and directories', async () => {
    const mediaType = { format: 'raw' };

    const file = await octokit.rest.repos.getContent({ ...at, path: 'README.md', mediaType });
    const folder = await octokit.rest.repos.getContent({ ...at, path: 'src', ref: 'main' });

    expect(file.data).toContain('# demo');
    expect(folder.data).toMatchObject([{ name: 'greet.js', type: 'file' }]);
  });

  it('asks for what an app asks for, without one violation', async () => {
    const head_sha = await github.as('bob').pushCommit('work', { 'w.txt': 'w\n' });
    const { rest } = octokit;
    const pull = await rest.pulls.create({ ...at, title: 'W', head: 'work', base: 'main' });
    const run = await rest.checks.create({ ...at, name: 'c', head_sha, status: 'in_progress' });
    await rest.checks.update({ ...at, check_run_id: run.data.id, conclusion: 'success' });
    await rest.issues.addLabels({ ...at, issue_number: 1, labels: ['sluice:done'] });
    await rest.issues.removeLabel({ ...at, issue_number: 1, name: 'sluice:done' });
    await rest.reactions.createForIssue({ ...at, issue_number: 1, content: 'eyes' });
    await rest.repos.compareCommitsWithBasehead({ ...at, basehead: 'main...work' });
    await rest.repos.listPullRequestsAssociatedWithCommit({ ...at, commit_sha: head_sha });
    await rest.checks.listForRef({ ...at, ref: 'work', check_name: 'c' });
    await rest.pulls.requestReviewers({ ...at, pull_number: 2, reviewers: ['alice'] });
    await octokit.graphql(
      'mutation($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } } }',
      { id: pull.data.node_id },
    );

    expect(github.violations).toEqual([]);
    expect((await github.pull(2)).draft).toBe(true);
  });

  it('mints a narrowed token as the app', async () => {
    const { appId, privateKey, installationId: installation_id } = github.app;
    const auth = { appId, privateKey };
    const app = new Octokit({ baseUrl: github.url, authStrategy: createAppAuth, auth });

    const { data } = await app.rest.apps.createInstallationAccessToken({
      installation_id,
      repositories: ['demo'],
      permissions: { contents: 'write' },
    });
    const deliveries = await app.rest.apps.listWebhookDeliveries({ per_page: 100 });

    expect(data).toMatchObject({ permissions: { contents: 'write' }, token: expect.any(String) });
    expect(deliveries.status).toBe(200);
  });
});

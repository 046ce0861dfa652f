import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Octokit } from '#src/github/client.ts';
import type { GitHub } from '#src/github/octokit.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import type { LocalGitHubOptions } from '#test/support/github/options.ts';
import { gitHubAt } from './faulty-github.ts';

export interface Installed {
  local: LocalGitHub;
  github: GitHub;
  octokit: Octokit;
  repository: { owner: string; repo: string };
}

/** One local GitHub for the file, and the app installed on it; filled in before the first test. */
export function installed(options: LocalGitHubOptions = {}): Installed {
  const here = {} as Installed;

  beforeAll(async () => {
    const local = await startLocalGitHub(options);
    const { appId, privateKey, installationId } = local.app;
    const github = gitHubAt(local.url, { appId, privateKey });
    const [owner = '', repo = ''] = local.fullName.split('/');
    const octokit = github.installation(installationId);
    Object.assign(here, { local, github, octokit, repository: { owner, repo } });
  });
  afterEach(() => {
    expect(here.local.violations).toEqual([]);
    expect(here.local.faults.pending).toEqual([]);
  });
  afterAll(async () => await here.local.close());

  return here;
}

/** Requests the app sent since the last time this was asked for. */
export function requestsOf({ local }: Installed): string[] {
  return local.requests.splice(0).map(({ method, path }) => `${method} ${path}`);
}

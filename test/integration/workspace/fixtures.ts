import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PushRequest } from '#src/workspace/push.ts';
import { createWorkspaces, type WorkspaceOptions } from '#src/workspace/workspaces.ts';

export const credential = { token: 'ghs_secretOfTheTest.withAJwt-inside' };

const env = {
  PATH: process.env['PATH'] ?? '',
  HOME: tmpdir(),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'alice',
  GIT_AUTHOR_EMAIL: 'alice@example.com',
  GIT_COMMITTER_NAME: 'alice',
  GIT_COMMITTER_EMAIL: 'alice@example.com',
};

/** Plain git, as a developer would run it. */
export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

export function aDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'sluice-workspace-'));
}

export function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

export function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

export type Origin = ReturnType<typeof anOrigin>;

/** A bare repository in the place of GitHub, with a developer's clone to add commits from. */
export function anOrigin(parent: string, files: Readonly<Record<string, string>> = {}) {
  const bare = join(parent, 'origin', 'acme', 'demo.git');
  const clone = join(parent, 'clone');
  mkdirSync(bare, { recursive: true });
  git(bare, 'init', '--quiet', '--bare', '--initial-branch=main');
  git(bare, 'config', 'http.receivepack', 'true');
  git(parent, 'clone', '--quiet', bare, clone);
  const commit = (changes: Readonly<Record<string, string>>, branch = 'main'): string => {
    write(clone, changes);
    git(clone, 'add', '--all');
    git(clone, 'commit', '--quiet', '--allow-empty', '--message=a change');
    git(clone, 'push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
    return git(clone, 'rev-parse', 'HEAD');
  };
  git(clone, 'checkout', '--quiet', '-B', 'main');
  const base = commit({ 'README.md': '# demo\n', 'src/main.js': 'one\ntwo\nthree\n', ...files });
  const repository = { owner: 'acme', repo: 'demo', cloneUrl: pathToFileURL(bare).href };
  return {
    bare,
    clone,
    base,
    repository,
    commit,
    headOf: (branch: string) => git(bare, 'rev-parse', '--verify', `refs/heads/${branch}`),
    branches: () =>
      git(bare, 'for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n'),
  };
}

export function openWorkspaces(root: string, options: Partial<WorkspaceOptions> = {}) {
  return createWorkspaces({
    root,
    identity: { name: 'sluice[bot]', email: 'sluice[bot]@example.com' },
    log: { warn: () => undefined },
    allowFiles: true,
    ...options,
  });
}

export function anOpenRequest(origin: Pick<Origin, 'repository' | 'base'>, runId = 'run1') {
  return {
    repository: origin.repository,
    runId,
    branch: `sluice/1-feature-${runId}`,
    baseSha: origin.base,
    at: origin.base,
    credential,
  };
}

export function aPushRequest(given: Pick<PushRequest, 'branch' | 'sha'> & Partial<PushRequest>) {
  return { credential, defaultBranch: 'main', protectedBranches: [], ...given };
}

export const trailersOf = (step: string) => ({
  'Sluice-Run': 'run1',
  'Sluice-Step': step,
  'Sluice-Visit': '1',
  'Sluice-Attempt': '1',
});

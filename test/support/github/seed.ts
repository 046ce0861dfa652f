import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Context, ROOT } from './extension/context.ts';
import { type Role, setRole } from './extension/roles.ts';
import { GIT_ENV } from './git/git.ts';
import {
  DEFAULT_FILES,
  DEFAULT_PEOPLE,
  type LocalGitHubOptions,
  type RepositorySeed,
} from './options.ts';

const run = promisify(execFile);

export interface World {
  owner: string;
  people: Record<string, Role>;
  repositories: (RepositorySeed & { defaultBranch: string })[];
}

export function worldOf(options: LocalGitHubOptions): World {
  const repositories = options.repositories ?? [
    { name: 'demo', files: options.files ?? DEFAULT_FILES },
  ];
  return {
    owner: options.owner ?? 'acme',
    people: options.people ?? DEFAULT_PEOPLE,
    repositories: repositories.map((each) => ({ defaultBranch: 'main', ...each })),
  };
}

/** What emulate itself is asked to make; files come later by `git push`. */
export function emulateSeed({ owner, people, repositories }: World) {
  const logins = Object.keys(people);
  return {
    users: logins.map((login) => ({
      login,
      name: login.charAt(0).toUpperCase() + login.slice(1),
      email: `${login}@users.noreply.github.com`,
    })),
    orgs: [{ login: owner, name: owner, members: [{ login: ROOT, role: 'admin' }] }],
    tokens: Object.fromEntries(logins.map((login) => [tokenOf(login), { login }])),
    repos: repositories.map((repository) => ({
      owner,
      name: repository.name,
      private: repository.private ?? false,
      default_branch: repository.defaultBranch,
      auto_init: false,
    })),
  };
}

export const tokenOf = (login: string): string => `gho_${login}`;

export function seedRoles(context: Context, { owner, people, repositories }: World): void {
  for (const { name } of repositories) {
    const repo = context.repository({ owner, repo: name });
    if (repo === undefined) throw new Error(`${owner}/${name} was not made`);
    for (const [login, role] of Object.entries(people)) {
      const user = context.user(login);
      if (user !== undefined) setRole(context, repo, user, role);
    }
  }
}

/** Puts the first commit there the way anybody would: with git, over HTTP. */
export async function pushFiles(
  url: string,
  { owner, people, repositories }: World,
): Promise<void> {
  const author = Object.keys(people).find((login) => people[login] === 'admin');
  if (author === undefined) throw new Error('somebody has to be admin');
  const credential = Buffer.from(`x-access-token:${tokenOf(author)}`).toString('base64');
  const env = {
    ...GIT_ENV,
    GIT_AUTHOR_NAME: author,
    GIT_AUTHOR_EMAIL: `${author}@users.noreply.github.com`,
    GIT_COMMITTER_NAME: author,
    GIT_COMMITTER_EMAIL: `${author}@users.noreply.github.com`,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${url}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${credential}`,
  };
  for (const { name, defaultBranch, files } of repositories) {
    const folder = await mkdtemp(join(tmpdir(), 'seed-'));
    try {
      await writeFiles(folder, files ?? {});
      const remote = `${url}/${owner}/${name}.git`;
      const git = (...args: string[]) => run('git', args, { cwd: folder, env });
      await git('init', '-q', '-b', defaultBranch);
      await git('add', '-A');
      await git('commit', '-q', '--allow-empty', '-m', 'Initial commit');
      await git('push', '-q', remote, defaultBranch);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}

async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

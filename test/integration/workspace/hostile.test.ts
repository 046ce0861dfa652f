import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspaces } from '#src/workspace/workspaces.ts';
import type { Worktree } from '#src/workspace/worktree.ts';
import {
  aDirectory,
  anOpenRequest,
  anOrigin,
  aPushRequest,
  git,
  type Origin,
  openWorkspaces,
  removeDirectory,
  trailersOf,
  write,
} from './fixtures.ts';

let directory: string;
let marker: string;
let origin: Origin;
let workspaces: Workspaces;
let worktree: Worktree;

beforeEach(async () => {
  directory = aDirectory();
  marker = join(directory, 'CODE-HAS-RUN');
  origin = anOrigin(directory, {
    '.gitattributes': '* filter=evil diff=evil merge=evil\n',
    '.gitmodules':
      '[submodule "sub"]\n\tpath = sub\n\turl = ext::sh -c "touch marker"\n\tignore = none\n',
  });
  git(origin.clone, 'update-index', '--add', '--cacheinfo', `160000,${origin.base},sub`);
  git(origin.clone, 'commit', '--quiet', '--message=a submodule');
  git(origin.clone, 'push', '--quiet', 'origin', 'main');
  const base = git(origin.clone, 'rev-parse', 'HEAD');
  origin = { ...origin, base };
  workspaces = await openWorkspaces(join(directory, 'data'));
  worktree = await workspaces.open(anOpenRequest(origin));
});
afterEach(() => removeDirectory(directory));

/** Everything git can be told to run, in one configuration file. */
function evilConfig(): string {
  const run = `touch ${marker}`;
  return `
[core]
\tfsmonitor = "${run}; echo"
\thooksPath = ${join(directory, 'hooks')}
\tpager = ${run}
\teditor = ${run}
\tsshCommand = ${run}
[filter "evil"]
\tclean = "${run}; cat"
\tsmudge = "${run}; cat"
\trequired = true
[diff "evil"]
\ttextconv = "${run}; cat"
\tcommand = ${run}
[diff]
\texternal = ${run}
[merge "evil"]
\tdriver = ${run}
[credential]
\thelper = !${run}
[gpg]
\tprogram = ${run}
[commit]
\tgpgSign = true
`;
}

function plantHooks(folder: string): void {
  const names = [
    'pre-commit',
    'post-checkout',
    'reference-transaction',
    'pre-push',
    'post-index-change',
  ];
  for (const name of names) {
    write(folder, { [name]: `#!/bin/sh\ntouch ${marker}\n` });
    chmodSync(join(folder, name), 0o755);
  }
}

async function everyOperation(): Promise<void> {
  await workspaces.diff(worktree, origin.base);
  const commit = await workspaces.commit(worktree, {
    subject: 'x',
    trailers: trailersOf('x'),
  });
  const sha = commit?.sha ?? origin.base;
  await workspaces.push(worktree, aPushRequest({ branch: worktree.branch, sha }));
  await workspaces.findCommit(worktree, trailersOf('x'));
  const member = await workspaces.isolate(worktree, 'member');
  write(member.path, { 'member.txt': 'x' });
  const theirs = await workspaces.commit(member, { subject: 'm', trailers: trailersOf('m') });
  const members = [{ memberId: 'member', sha: theirs!.sha }];
  await workspaces.merge(worktree, members, { subject: 'merge', trailers: trailersOf('merge') });
  await workspaces.open(anOpenRequest(origin));
  await workspaces.reset(worktree, origin.base);
}

describe('nothing that lies in the repository is run', () => {
  it('not what a repository planted in a submodule is configured to run', async () => {
    const sub = join(worktree.path, 'sub');
    git(directory, 'clone', '--quiet', origin.bare, sub);
    git(sub, 'checkout', '--quiet', 'HEAD^');
    plantHooks(join(directory, 'hooks'));
    write(sub, { '.git/config': `${evilConfig()}\n`, 'src/main.js': 'changed\n' });
    write(worktree.path, { 'other.txt': 'x' });
    git(worktree.path, 'status');
    expect(existsSync(marker), 'the trap works on an ordinary git').toBe(true);
    rmSync(marker);

    await everyOperation();

    expect(existsSync(marker)).toBe(false);
  });

  it('not what a repository in the place of the .git file is configured to run', async () => {
    plantHooks(join(directory, 'hooks'));
    rmSync(join(worktree.path, '.git'));
    git(worktree.path, 'init', '--quiet');
    write(worktree.path, { '.git/config': evilConfig(), 'src/main.js': 'changed\n' });

    await everyOperation();

    expect(existsSync(marker)).toBe(false);
  });

  it('not what was written into the mirror itself', async () => {
    plantHooks(join(worktree.mirror, 'hooks'));
    plantHooks(join(worktree.gitDir, 'hooks'));
    plantHooks(join(directory, 'hooks'));
    write(worktree.mirror, { config: evilConfig() });
    write(worktree.gitDir, { 'config.worktree': evilConfig() });
    write(worktree.path, { 'src/main.js': 'changed\n' });

    await everyOperation();

    expect(existsSync(marker)).toBe(false);
    expect(readFileSync(join(worktree.mirror, 'config'), 'utf8')).not.toContain('evil');
  });

  it('not what lies in the home directory of git', async () => {
    const home = join(directory, 'data/home');
    plantHooks(join(directory, 'hooks'));
    write(home, { '.gitconfig': evilConfig(), 'git/config': evilConfig() });
    write(worktree.path, { 'src/main.js': 'changed\n' });

    await everyOperation();

    expect(existsSync(marker)).toBe(false);
  });
});

describe('nothing outside the worktree is touched', () => {
  it('not through a link in the place of a directory', async () => {
    const outside = join(directory, 'outside');
    write(outside, { 'main.js': 'precious\n', 'more.txt': 'precious\n' });
    rmSync(join(worktree.path, 'src'), { recursive: true });
    symlinkSync(outside, join(worktree.path, 'src'));

    const commit = await workspaces.commit(worktree, { subject: 'x', trailers: trailersOf('x') });
    symlinkSync(outside, join(worktree.path, 'untracked'));
    await workspaces.open(anOpenRequest(origin));
    symlinkSync(outside, join(worktree.path, 'untracked'));
    await workspaces.reset(worktree, origin.base);
    await workspaces.remove('run1');

    expect(commit?.changed.map(({ path, kind }) => [path, kind])).toEqual([
      ['src', 'link'],
      ['src/main.js', 'file'],
    ]);
    expect(readFileSync(join(outside, 'main.js'), 'utf8')).toBe('precious\n');
    expect(existsSync(join(outside, 'more.txt'))).toBe(true);
  });

  it('not through a link in the place of the worktree', async () => {
    const outside = join(directory, 'outside');
    write(outside, { 'main.js': 'precious\n' });
    removeDirectory(worktree.path);
    symlinkSync(outside, worktree.path);

    await workspaces.open(anOpenRequest(origin));

    expect(lstatSync(worktree.path).isDirectory()).toBe(true);
    expect(existsSync(join(outside, 'main.js'))).toBe(true);
    expect(existsSync(join(outside, '.git'))).toBe(false);
  });
});

describe('what git cannot hold is left out and named', () => {
  it('is a repository inside the worktree, and names reserved by git', async () => {
    const nested = join(worktree.path, 'nested');
    git(directory, 'clone', '--quiet', origin.bare, nested);
    mkdirSync(join(worktree.path, 'empty'));
    git(join(worktree.path, 'empty'), 'init', '--quiet');
    write(worktree.path, {
      'a/.GIT/config': 'x',
      'git~1/x': 'x',
      '.gitkeep': 'x',
      'docs/.git.md': 'x',
      'good.txt': 'x',
    });

    const commit = await workspaces.commit(worktree, { subject: 'x', trailers: trailersOf('x') });

    expect(commit?.changed.map(({ path }) => path)).toEqual([
      '.gitkeep',
      'docs/.git.md',
      'good.txt',
    ]);
    expect(commit?.skipped.toSorted()).toEqual(['a/.GIT/config', 'empty/', 'git~1/x', 'nested/']);
  });
});

describe('an address', () => {
  it.each([
    'ext::sh -c "touch x"',
    '--upload-pack=touch',
    'ssh://git@github.com/acme/demo.git',
    'git@github.com:acme/demo.git',
    'http://github.example/acme/demo.git',
    'https://user:secret@github.com/acme/demo.git',
    'https://github.com/acme/demo.git?x=1',
    'file://server/acme/demo.git',
    'javascript:alert(1)',
    '',
  ])('%s is refused', async (cloneUrl) => {
    const opening = workspaces.open({
      ...anOpenRequest(origin),
      repository: { owner: 'acme', repo: 'demo', cloneUrl },
    });

    await expect(opening).rejects.toMatchObject({ code: 'git-invalid-request' });
  });

  it.each([
    { owner: '..', repo: 'demo' },
    { owner: 'acme', repo: '../x' },
    { owner: 'acme', repo: '' },
    { owner: 'a/b', repo: 'c' },
  ])('of repository $owner/$repo is refused', async (name) => {
    const repository = { ...origin.repository, ...name };

    const opening = workspaces.open({ ...anOpenRequest(origin), repository });

    await expect(opening).rejects.toMatchObject({ code: 'git-invalid-request' });
  });
});

import { describe, expect, it } from 'vitest';
import { DEFAULT_FOLDER_LIMITS, readFile, readFolder } from '#src/github/contents.ts';
import { FolderCache } from '#src/github/folder-cache.ts';
import {
  findBotId,
  listInstallations,
  listRepositories,
  readAppIdentity,
} from '#src/github/installations.ts';
import { findBranch } from '#src/github/repository.ts';
import { installed } from './installed.ts';

const FOLDER = '.github/sluice';
const here = installed({
  repositories: [
    {
      name: 'demo',
      files: {
        'README.md': '# demo\n',
        [`${FOLDER}/workflows/fix.yml`]: 'name: fix\n',
        [`${FOLDER}/workflows/prompts/fix.md`]: 'Fix {{ task }} — thoroughly\n',
        [`${FOLDER}/config.yml`]: 'commands: {}\n',
      },
    },
    { name: 'other', private: true },
  ],
});

describe('the app', () => {
  it('knows its name, where it is installed and what it may use', async () => {
    const { github, octokit, local } = here;

    expect(await readAppIdentity(github.app)).toEqual({
      id: 1,
      slug: 'sluice',
      botLogin: 'sluice[bot]',
    });
    expect(await listInstallations(github.app)).toEqual([
      { id: local.app.installationId, account: 'acme', suspended: false },
    ]);
    expect((await listRepositories(octokit)).map(({ repo }) => repo).toSorted()).toEqual([
      'demo',
      'other',
    ]);
  });
});

describe('the bot account', () => {
  it('has an id, for the address in its commits', async () => {
    const path = `/users/${encodeURIComponent('sluice[bot]')}`;
    const { data } = await here.local.as('bob').request('GET', path);

    const id = await findBotId(here.github, 'sluice[bot]');

    expect(id).toBe((data as { id: number }).id);
  });
});

describe('a repository', () => {
  it('is nothing when there is none', async () => {
    expect(await findBranch(here.octokit, { owner: 'acme', repo: 'none' }, 'main')).toBeNull();
  });

  it('tells of a branch whether it is there and protected, slashes included', async () => {
    const sha = await here.local.as('bob').pushCommit('sluice/1-feature', { 'a.txt': 'a' });
    await here.local.as('bob').pushCommit('release', { 'b.txt': 'b' });
    await here.local.protect('release');

    expect(await findBranch(here.octokit, here.repository, 'sluice/1-feature')).toMatchObject({
      sha,
    });
    expect(await findBranch(here.octokit, here.repository, 'release')).toMatchObject({
      protected: true,
    });
    expect(await findBranch(here.octokit, here.repository, 'none')).toBeNull();
  });
});

describe('a folder that was read before', () => {
  it('costs no request at the same commit, and is read anew at another', async () => {
    const folders = new FolderCache();
    const now = await at(FOLDER);
    const first = await folders.read(here.octokit, here.repository, now);
    const before = here.local.requests.length;

    const again = await folders.read(here.octokit, here.repository, now);
    const requests = here.local.requests.length - before;
    const elsewhere = await folders.read(here.octokit, here.repository, { ...now, path: 'none' });

    expect(again).toEqual(first);
    expect(requests).toBe(0);
    expect(elsewhere).toBeNull();
  });
});

describe('readFolder', () => {
  it('reads every file below a folder, with its path', async () => {
    const folder = await readFolder(here.octokit, here.repository, await at(FOLDER));

    expect(folder).toEqual({
      files: [
        { path: `${FOLDER}/config.yml`, text: 'commands: {}\n' },
        { path: `${FOLDER}/workflows/fix.yml`, text: 'name: fix\n' },
        { path: `${FOLDER}/workflows/prompts/fix.md`, text: 'Fix {{ task }} — thoroughly\n' },
      ],
      skipped: [],
    });
  });

  it('stays at its commit when the branch moves on', async () => {
    const before = await at(FOLDER);
    await here.local.as('bob').pushCommit('main', { [`${FOLDER}/config.yml`]: 'changed\n' });

    const folder = await readFolder(here.octokit, here.repository, before);

    expect(folder?.files[0]?.text).toBe('commands: {}\n');
  });

  it('is nothing where there is no such folder, nor where a file has its name', async () => {
    expect(await readFolder(here.octokit, here.repository, await at('.github/none'))).toBeNull();
    expect(await readFolder(here.octokit, here.repository, await at('README.md'))).toBeNull();
  });

  it.each([
    { limit: 'too many files', limits: { maxFiles: 1 }, reason: 'too-many', kept: 1 },
    { limit: 'a large file', limits: { maxFileBytes: 13 }, reason: 'too-large', kept: 2 },
    { limit: 'too much altogether', limits: { maxTotalBytes: 15 }, reason: 'too-large', kept: 1 },
  ])('leaves out $limit and says so', async ({ limits, reason, kept }) => {
    const commit = (await here.local.commits('main')).at(-1)!.sha;

    const folder = await readFolder(
      here.octokit,
      here.repository,
      { commit, path: FOLDER },
      { ...DEFAULT_FOLDER_LIMITS, ...limits },
    );

    expect(folder?.files).toHaveLength(kept);
    expect(folder?.skipped[0]?.reason).toBe(reason);
  });

  it('reads neither symbolic links nor what is not text', async () => {
    const { commit } = await strangeFiles();

    const folder = await readFolder(here.octokit, here.repository, { commit, path: 'strange' });

    expect(folder?.files).toEqual([{ path: 'strange/good.yml', text: 'name: good\n' }]);
    expect(folder?.skipped).toEqual(
      expect.arrayContaining([
        { path: 'strange/link.yml', reason: 'not-a-file' },
        { path: 'strange/binary.yml', reason: 'not-text' },
      ]),
    );
  });
});

describe('readFile', () => {
  it('reads one file at one commit', async () => {
    const commit = await here.local.sha('main');
    const read = (path: string, maxBytes?: number) =>
      readFile(here.octokit, here.repository, { commit, path }, maxBytes);

    expect(await read('README.md')).toEqual({ type: 'text', text: '# demo\n' });
    expect(await read('README.md', 3)).toEqual({ type: 'too-large' });
    expect(await read(FOLDER)).toEqual({ type: 'not-a-file' });
    expect(await read('none.md')).toBeNull();
  });
});

const at = async (path: string) => ({ commit: await here.local.sha('main'), path });

/** A commit with a link out of its folder and a file that is no text, made through the Git Data API. */
async function strangeFiles(): Promise<{ commit: string }> {
  const bob = here.local.as('bob');
  const base = `/repos/${here.local.fullName}/git`;
  const post = async (path: string, body: object) =>
    (await bob.request('POST', `${base}/${path}`, body)).data as { sha: string };
  const binary = await post('blobs', { content: 'AP/+', encoding: 'base64' });
  const link = await post('blobs', { content: '../../etc/passwd', encoding: 'utf-8' });
  const good = await post('blobs', { content: 'name: good\n', encoding: 'utf-8' });
  const tree = await post('trees', {
    tree: [
      { path: 'strange/binary.yml', mode: '100644', type: 'blob', sha: binary.sha },
      { path: 'strange/link.yml', mode: '120000', type: 'blob', sha: link.sha },
      { path: 'strange/good.yml', mode: '100644', type: 'blob', sha: good.sha },
    ],
  });
  const commit = await post('commits', { message: 'strange', tree: tree.sha, parents: [] });
  return { commit: commit.sha };
}

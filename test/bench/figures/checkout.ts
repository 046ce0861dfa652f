import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createWorkspaces } from '#src/workspace/workspaces.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import type { Effort, Figure } from '../measure/figure.ts';
import { median } from '../measure/statistics.ts';

const FILES = 1_000;
const LINES = 40;

/** The worktree of a new run from a mirror that has the commit, against what a fresh clone takes. */
export async function measureCheckout(effort: Effort): Promise<Figure[]> {
  effort.say(`checkout of ${FILES} files`);
  const rounds = effort.quick ? 5 : 25;
  const github = await startLocalGitHub({ files: someFiles() });
  const folder = await mkdtemp(join(tmpdir(), 'bench-checkout-'));
  try {
    const open = await opener(github, join(folder, 'workspaces'));
    await open('warmup');
    const worktrees: number[] = [];
    const clones: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      worktrees.push(await timed(() => open(`run${round}`)));
      clones.push(await timed(() => clone(github, join(folder, `clone${round}`))));
    }
    const ratios = clones.map((ms, round) => ms / (worktrees[round] ?? Number.NaN));
    const note = `${FILES} files of ${LINES} lines, one commit, from the local GitHub over HTTP`;
    return [
      { name: 'checkout.worktree', value: median(worktrees), unit: 'ms', n: rounds, note },
      { name: 'checkout.clone', value: median(clones), unit: 'ms', n: rounds, note },
      {
        name: 'checkout.clone-to-worktree',
        value: median(ratios),
        unit: 'times',
        n: rounds,
        note: 'median of paired ratios; a clone over the internet takes longer, a worktree does not',
      },
    ];
  } finally {
    await github.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function opener(github: LocalGitHub, root: string) {
  const workspaces = await createWorkspaces({
    root,
    identity: { name: 'sluice[bot]', email: 'sluice[bot]@users.noreply.github.com' },
    log: { warn: () => undefined },
  });
  const token = await github.mintToken();
  const head = github.sha('main');
  const [owner = '', repo = ''] = github.fullName.split('/');
  const cloneUrl = `${github.url}/${github.fullName}.git`;
  return async (runId: string) => {
    await workspaces.open({
      repository: { owner, repo, cloneUrl },
      runId,
      branch: `sluice/1-bench-${runId}`,
      baseSha: await head,
      at: await head,
      credential: { token },
    });
  };
}

async function clone(github: LocalGitHub, directory: string): Promise<void> {
  const url = `${github.url}/${github.fullName}.git`;
  const env = { PATH: process.env['PATH'], HOME: directory, GIT_CONFIG_NOSYSTEM: '1' };
  await promisify(execFile)('git', ['clone', '--quiet', url, directory], { env });
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

function someFiles(): Record<string, string> {
  const text = (file: number) =>
    Array.from({ length: LINES }, (_, line) => `export const value${line} = ${file * line};\n`);
  const files = Array.from({ length: FILES }, (_, file): [string, string] => [
    `src/part${file % 20}/file${file}.js`,
    text(file).join(''),
  ]);
  return Object.fromEntries(files);
}

import { randomUUID } from 'node:crypto';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from './disk.ts';
import type { Git } from './git/git.ts';
import { pathText } from './git/quoted-path.ts';
import { type StageRequest, stage } from './stage.ts';

export interface ChangedFile {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted';
  readonly kind: 'file' | 'executable' | 'link' | 'submodule';
  /** In lines; `null` for content that is not text. */
  readonly additions: number | null;
  readonly deletions: number | null;
}

export interface Changes {
  readonly files: readonly ChangedFile[];
  readonly additions: number;
  readonly deletions: number;
}

export interface Diff extends Changes {
  /** The commit or tree compared with: equal content has an equal id, so an approval can be bound to it. */
  readonly to: string;
  readonly patch: string;
  /** The patch was cut at its limit; the list of files never is. */
  readonly truncated: boolean;
}

export interface DiffCall {
  readonly gitDir: string;
  readonly signal?: AbortSignal | undefined;
}

/** What differs between two commits or trees. A renamed file counts as one deleted and one added. */
export async function readChanges(
  git: Git,
  call: DiffCall,
  from: string,
  to: string,
): Promise<Changes> {
  const { stdout } = await git({ ...call, args: diffTree(['--raw', '--numstat'], from, to) });
  const files = parseChanges(stdout);
  return {
    files,
    additions: files.reduce((sum, file) => sum + (file.additions ?? 0), 0),
    deletions: files.reduce((sum, file) => sum + (file.deletions ?? 0), 0),
  };
}

export async function readDiff(
  git: Git,
  call: DiffCall & { maxPatchBytes: number },
  from: string,
  to: string,
): Promise<Diff> {
  const { maxPatchBytes, ...where } = call;
  const changes = await readChanges(git, where, from, to);
  const { stdout, truncated } = await git({
    ...where,
    args: diffTree(['--patch', '--no-color', '--src-prefix=a/', '--dst-prefix=b/'], from, to),
    maxOutputBytes: maxPatchBytes,
    mayTruncate: true,
  });
  const patch = truncated ? stdout.slice(0, stdout.lastIndexOf('\n') + 1) : stdout;
  return { ...changes, to, patch, truncated };
}

/** The worktree's current content as a tree, found without touching the worktree or its index. */
export async function snapshot(git: Git, request: StageRequest): Promise<string> {
  const { gitDir } = request.worktree;
  const indexFile = join(gitDir, `snapshot-${randomUUID()}`);
  try {
    await unlessMissing(copyFile(join(gitDir, 'index'), indexFile));
    return (await stage(git, { ...request, indexFile })).tree;
  } finally {
    await rm(indexFile, { force: true });
    await rm(`${indexFile}.lock`, { force: true });
  }
}

function diffTree(format: readonly string[], from: string, to: string): string[] {
  return [
    'diff-tree',
    '-r',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--ignore-submodules=none',
    ...format,
    '--end-of-options',
    from,
    to,
  ];
}

/** Parses `--raw` lines (modes, status) and the `--numstat` lines (counts) that follow them. */
function parseChanges(output: string): ChangedFile[] {
  const files = new Map<string, ChangedFile>();
  for (const line of output.split('\n')) {
    const raw = /^:(\d+) (\d+) \w+ \w+ (\w)\t(.*)$/.exec(line);
    if (raw !== null) {
      const [, before = '', after = '', letter = '', path = ''] = raw;
      files.set(path, {
        path: pathText(path),
        status: letter === 'A' ? 'added' : letter === 'D' ? 'deleted' : 'modified',
        kind: kindOf(letter === 'D' ? before : after),
        additions: null,
        deletions: null,
      });
      continue;
    }
    const counts = /^(\d+)\t(\d+)\t(.*)$/.exec(line);
    const file = files.get(counts?.[3] ?? '');
    if (counts === null || file === undefined) continue;
    files.set(counts[3] ?? '', {
      ...file,
      additions: Number(counts[1]),
      deletions: Number(counts[2]),
    });
  }
  return [...files.values()];
}

function kindOf(mode: string): ChangedFile['kind'] {
  if (mode === '120000') return 'link';
  if (mode === '160000') return 'submodule';
  return mode === '100755' ? 'executable' : 'file';
}

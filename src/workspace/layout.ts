import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RepositoryAddress } from './remote.ts';

/** Where everything is below the workspace root. */
export interface Layout {
  readonly home: string;
  readonly mirrors: string;
  readonly runs: string;
  readonly trash: string;
  /** Held by whoever makes or removes a worktree. */
  readonly lock: string;
}

export function layoutOf(root: string): Layout {
  return {
    home: join(root, 'home'),
    mirrors: join(root, 'mirrors'),
    runs: join(root, 'runs'),
    trash: join(root, 'trash'),
    lock: join(root, 'lock'),
  };
}

/** GitHub ignores case in names, so the directory does too. */
export function mirrorPath(layout: Layout, address: RepositoryAddress): string {
  const host = new URL(address.cloneUrl).host.replaceAll(/[^\w.-]/g, '_') || 'localhost';
  const { owner, repo } = address;
  return join(layout.mirrors, host, owner.toLowerCase(), `${repo.toLowerCase()}.git`);
}

function runPath(layout: Layout, runId: string): string {
  return join(layout.runs, runId);
}

/** A worktree's name in its mirror. Run ids have no dot: a run's worktrees are `<runId>` and `<runId>.*`. */
export function worktreeName(runId: string, memberId?: string): string {
  return memberId === undefined ? runId : `${runId}.${memberName(memberId)}`;
}

export function treePath(layout: Layout, runId: string, memberId?: string): string {
  const run = runPath(layout, runId);
  return memberId === undefined ? join(run, 'tree') : join(run, 'members', memberName(memberId));
}

/** Readable where possible, always distinct. */
function memberName(memberId: string): string {
  const readable = memberId.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 40);
  const digest = createHash('sha256').update(memberId).digest('hex').slice(0, 8);
  return `${readable}-${digest}`;
}

import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anOpenRequest, aPushRequest, openWorkspaces, trailersOf } from './fixtures.ts';

/** A worker that opens, commits, pushes, resets and removes worktrees until somebody kills it. */
async function work(root: string, cloneUrl: string, base: string): Promise<never> {
  const repository = { owner: 'acme', repo: 'demo', cloneUrl };
  const workspaces = await openWorkspaces(root);
  process.stdout.write('ready\n');
  for (;;) {
    const { at: _, ...request } = anOpenRequest({ repository, base });
    const worktree = await workspaces.open(request);
    writeFileSync(join(worktree.path, `${randomUUID()}.txt`), 'x'.repeat(20_000));
    const commit = await workspaces.commit(worktree, {
      subject: 'work',
      trailers: trailersOf(randomUUID()),
    });
    const sha = commit?.sha ?? worktree.head;
    await workspaces.push(worktree, aPushRequest({ branch: worktree.branch, sha }));
    await workspaces.isolate(worktree, 'member');
    await workspaces.reset(worktree, sha);
    if (Math.random() < 0.3) await workspaces.sweep({ keep: new Set(), graceMs: 0 });
  }
}

const [root = '', cloneUrl = '', base = ''] = process.argv.slice(2);
await work(root, cloneUrl, base);

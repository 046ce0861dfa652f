import { setTimeout as sleep } from 'node:timers/promises';
import { withTreeLock } from '#src/workspace/tree-lock.ts';

/** A process that takes the lock of the worktrees and keeps it until it is killed. */
await withTreeLock(process.argv[2] ?? '', async () => {
  process.stdout.write('held\n');
  await sleep(600_000);
});

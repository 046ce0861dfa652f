import type { SignOfLife } from '../engine/read/quiet-nodes.ts';
import { enqueue } from '../queue/queue.ts';
import { upsertSign } from '../store/signs-of-life.ts';
import type { RunDeps } from './run-deps.ts';

/** Keeps when an agent was last heard of. `show`: it fell silent or speaks again, and people see it. */
export async function noteSign(
  deps: RunDeps,
  runId: string,
  { show, ...sign }: SignOfLife & { readonly show: boolean },
): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    await upsertSign(trx, runId, sign);
    if (show) await enqueue(deps.queue, trx, { name: 'publish-run', data: { runId } });
  });
}

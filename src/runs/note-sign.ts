import type { SignOfLife } from '../engine/read/quiet-nodes.ts';
import { enqueue } from '../queue/queue.ts';
import { upsertSign } from '../store/signs-of-life.ts';
import type { RunDeps } from './run-deps.ts';

/** Records when an agent was last heard from. `show`: people see it go silent or speak again. */
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

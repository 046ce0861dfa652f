import { treeHead } from '../engine/read/member-trees.ts';
import { workspaceFor } from '../engine/read/workspace-for.ts';
import { lockRun, type StoredRun } from '../store/runs.ts';
import { applyEvent } from './apply-event.ts';
import type { RunDeps } from './run-deps.ts';

export interface NodeStart {
  readonly runId: string;
  readonly node: string;
  readonly visit: number;
  /** Attempt the job was made for; a job for an earlier attempt takes nothing. */
  readonly attempt: number;
  /** Identifies this worker's claim on the node; if another worker holds one, that worker died. */
  readonly execution: string;
}

/** Tells the run that a worker takes a node, and returns the resulting run. */
export async function beginNode(
  deps: RunDeps,
  { runId, node, visit, attempt, execution }: NodeStart,
): Promise<StoredRun> {
  return deps.db.transaction().execute(async (trx) => {
    const stored = await lockRun(trx, runId);
    const { tree } = workspaceFor(stored.plan, stored.run, node);
    const snapshot = treeHead(stored.run, tree) ?? stored.context.baseSha;
    const event = {
      type: 'node.started',
      node,
      visit,
      attempt,
      execution,
      snapshot,
      at: deps.now(),
    } as const;
    const { run } = await applyEvent(deps, trx, stored, event);
    return { ...stored, run };
  });
}

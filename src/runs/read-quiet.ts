import { quietNodes } from '../engine/read/quiet-nodes.ts';
import type { NodeKey, Run } from '../engine/state/run.ts';
import { listSigns } from '../store/signs-of-life.ts';
import type { ReadDeps } from './run-deps.ts';

/** Steps of the run whose agents have been silent for too long, and since when. */
export async function readQuiet(
  deps: ReadDeps,
  run: Run,
  afterMs: number | null,
): Promise<Readonly<Record<NodeKey, string>>> {
  if (afterMs === null || run.status !== 'running') return {};
  return quietNodes(run, await listSigns(deps.db, run.id), { now: deps.now(), afterMs });
}

import type { NodeKey } from '../engine/state/run.ts';
import { findNewestOutput, type Output } from '../store/outputs.ts';
import type { StoredRun } from '../store/runs.ts';
import type { ReadDeps } from './run-deps.ts';

/** A step's latest answer. Null if there is none yet, or if a person's denial hides it. */
export async function readStepOutput(
  deps: ReadDeps,
  { run }: StoredRun,
  node: NodeKey,
): Promise<Output | null> {
  const output = await findNewestOutput(deps.db, run.id, node);
  if (output === undefined) return null;
  const isDenied = run.gates.some(
    ({ subject, decision }) =>
      decision?.verdict === 'deny' && subject.node === node && subject.digest === output.digest,
  );
  return isDenied ? null : output;
}

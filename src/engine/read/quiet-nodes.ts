import { splitKey } from '../state/node-key.ts';
import type { NodeKey, Run } from '../state/run.ts';

/** When an agent was last heard from, as its worker noted: at most once a minute, and when it went silent. */
export interface SignOfLife {
  readonly node: NodeKey;
  readonly visit: number;
  readonly attempt: number;
  readonly at: string;
  /** The worker has waited long enough and heard nothing more. */
  readonly quiet: boolean;
}

/** Running nodes that have shown no sign of life for too long, with the time of the last one. */
export function quietNodes(
  run: Run,
  signs: readonly SignOfLife[],
  { now, afterMs }: { readonly now: string; readonly afterMs: number | null },
): Readonly<Record<NodeKey, string>> {
  if (afterMs === null) return {};
  const since = new Date(Date.parse(now) - afterMs).toISOString();
  const quiet = signs.filter((sign) => isAtWork(run, sign) && (sign.quiet || sign.at <= since));
  return Object.fromEntries(quiet.map(({ node, at }) => [node, at]));
}

function isAtWork(run: Run, { node, visit, attempt }: SignOfLife): boolean {
  const { frame, id } = splitKey(node);
  const state = run.frames[frame]?.nodes[id];
  return state?.status === 'running' && state.visit === visit && state.attempt === attempt;
}

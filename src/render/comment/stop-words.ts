import type { NodeKey, NodeState, Run } from '../../engine/state/run.ts';
import { cleanLine } from '../text/clean-text.ts';

/** Why a step failed, in one line: a person's words are marked as theirs. */
export function stopWords(
  run: Run,
  key: NodeKey,
  { reason }: NodeState,
  maxLength: number,
): string {
  const message = reason?.message ?? 'failed';
  const denied = run.gates.findLast(
    ({ node, decision }) => node === key && decision?.verdict === 'deny',
  )?.decision;
  if (reason?.code !== 'denied' || denied == null) return cleanLine(message, maxLength);
  const why = denied.text === null ? '' : `: ${cleanLine(denied.text, maxLength)}`;
  return `denied by ${cleanLine(denied.by, 40)}${why}`;
}

import type { OpenItem } from '../../engine/state/run.ts';
import { cleanLine, code } from '../text/clean-text.ts';

/** A line for each of the first `most` open items, with the step that named it. */
export function openItemLines(items: readonly OpenItem[], most: number): readonly string[] {
  const lines = items.slice(0, most).map(openItemLine);
  const left = items.length - lines.length;
  return left > 0 ? [...lines, `…and ${left} more`] : lines;
}

export function openItemLine({ node, text }: OpenItem): string {
  return `${cleanLine(text, 300)} (${code(node)})`;
}

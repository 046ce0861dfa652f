/**
 * Patterns with wildcards, matched without backtracking: a library that turns them into regular
 * expressions takes a minute for `*a*a*a*a*b`, and ours come from repository files.
 */

/** Whether a text matches a pattern in which `*` stands for any text. */
export function wildcardFits(pattern: string, text: string): boolean {
  const [head = '', ...parts] = pattern.split('*');
  const tail = parts.pop();
  if (tail === undefined) return text === head;
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}

/**
 * Whether a path matches a pattern, segment by segment: `**` stands for any number of them, `*` and
 * `?` for characters within one. `passes` may reject a segment that matches.
 */
export function segmentsFit(
  pattern: readonly string[],
  path: readonly string[],
  passes: (wanted: string, segment: string) => boolean = () => true,
): boolean {
  return fits(
    pattern,
    path,
    '**',
    (wanted, segment) =>
      passes(wanted, segment) &&
      fits(
        Array.from(wanted),
        Array.from(segment),
        '*',
        (one, char) => one === char || one === '?',
      ),
  );
}

/** Whether items match a pattern with gaps. Only the last gap ever has to give way. */
function fits(
  pattern: readonly string[],
  items: readonly string[],
  gap: string,
  same: (wanted: string, item: string) => boolean,
): boolean {
  let at = 0;
  let afterGap = -1;
  let resume = 0;
  for (let item = 0; item < items.length; ) {
    if (pattern[at] === gap) {
      at += 1;
      afterGap = at;
      resume = item;
    } else if (at < pattern.length && same(pattern[at] ?? '', items[item] ?? '')) {
      at += 1;
      item += 1;
    } else if (afterGap >= 0) {
      at = afterGap;
      resume += 1;
      item = resume;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every((wanted) => wanted === gap);
}

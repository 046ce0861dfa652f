/** Tells whether a path fits a pattern: `*` inside a folder, `**` across folders, `?`, `{a,b}`. */
export function fileMatcher(glob: string): (path: string) => boolean {
  const patterns = alternatives(glob.replace(/^\.?\//, '')).map((one) => one.split('/'));
  return (path) => {
    const parts = path.split('/');
    return patterns.some((pattern) => partsMatch(pattern, parts));
  };
}

const MAX_ALTERNATIVES = 100;

/** `a/{b,c}.md` as `a/b.md` and `a/c.md`. */
function alternatives(glob: string): string[] {
  let open = [glob];
  for (;;) {
    const next = open.flatMap((one) => {
      const braces = /^(.*?)\{([^{}]*)\}(.*)$/.exec(one);
      if (braces === null) return [one];
      const [, before = '', inside = '', after = ''] = braces;
      return inside.split(',').map((choice) => before + choice + after);
    });
    const isPlain = next.every((one, index) => one === open[index]);
    if (isPlain || next.length > MAX_ALTERNATIVES) return next;
    open = next;
  }
}

/** Remembers for each pair of places whether the rest fits, so that no pattern takes longer than their product. */
function partsMatch(pattern: readonly string[], parts: readonly string[]): boolean {
  let reached = new Set([0]);
  for (const piece of pattern) {
    const next = new Set<number>();
    for (const at of reached) {
      if (piece === '**') for (let to = at; to <= parts.length; to += 1) next.add(to);
      else if (at < parts.length && partMatches(piece, parts[at] ?? '')) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(parts.length);
}

/** Without backtracking: only the last `*` ever has to give way. */
function partMatches(pattern: string, text: string): boolean {
  if (text.startsWith('.') && !pattern.startsWith('.')) return false;
  let at = 0;
  let read = 0;
  let star = -1;
  let retry = 0;
  while (read < text.length) {
    if (pattern[at] === '*') {
      star = at;
      retry = read;
      at += 1;
    } else if (pattern[at] === '?' || pattern[at] === text[read]) {
      at += 1;
      read += 1;
    } else if (star >= 0) {
      retry += 1;
      read = retry;
      at = star + 1;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

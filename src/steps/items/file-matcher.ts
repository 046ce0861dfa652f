import { segmentsFit } from '../../wildcards.ts';

/** Tells whether a path matches a pattern: `*` within a folder, `**` across, `?`, `{a,b}`. */
export function fileMatcher(glob: string): (path: string) => boolean {
  const patterns = alternatives(glob.replace(/^\.?\//, '')).map((one) => one.split('/'));
  return (path) => {
    const parts = path.split('/');
    return patterns.some((pattern) => segmentsFit(pattern, parts, isSeen));
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

/** Hidden files and folders are matched only by patterns that ask for them. */
function isSeen(wanted: string, segment: string): boolean {
  return wanted.startsWith('.') || !segment.startsWith('.');
}

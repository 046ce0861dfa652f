import { segmentsFit } from '../../wildcards.ts';

/** Tells whether a path matches a pattern: `*` within a folder, `**` across, `?`, `{a,b}`. */
export function fileMatcher(glob: string): (path: string) => boolean {
  const patterns = alternatives(glob.replace(/^\.?\//, '')).map((one) => one.split('/'));
  return (path) => {
    const parts = path.split('/');
    return patterns.some((pattern) => segmentsFit(pattern, parts, isSeen));
  };
}

const MAX_ALTERNATIVES = 1_000;

/**
 * `a/{b,c}.md` as `a/b.md` and `a/c.md`. Braces that would make more than a thousand patterns of it
 * stand for themselves: the glob may come from an answer, and whoever matches by it cannot be stopped.
 */
function alternatives(glob: string): string[] {
  let open = [glob];
  for (;;) {
    const choices = open.map(choicesOf);
    const count = choices.reduce((sum, one) => sum + Math.max(one.length, 1), 0);
    const isPlain = choices.every((one) => one.length === 0);
    if (isPlain || count > MAX_ALTERNATIVES) return open;
    open = open.flatMap((one, index) => expanded(one, choices[index] ?? []));
  }
}

const BRACES = /\{([^{}]*)\}/;

function choicesOf(glob: string): readonly string[] {
  return BRACES.exec(glob)?.[1]?.split(',') ?? [];
}

function expanded(glob: string, choices: readonly string[]): readonly string[] {
  return choices.length === 0
    ? [glob]
    : choices.map((choice) => glob.replace(BRACES, () => choice));
}

/** Hidden files and folders are matched only by patterns that ask for them. */
function isSeen(wanted: string, segment: string): boolean {
  return wanted.startsWith('.') || !segment.startsWith('.');
}

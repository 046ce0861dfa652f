const SIGNS =
  /^\s*(?:not ok\b|✖|✗|✘|×|FAIL(?:ED|URE)?\b|--- FAIL\b|\[FAIL|E\s{2,}\S|error(?:\[\w+\])?[: ]|\w*Error:)/i;
const MAX_LINES = 100;
const MAX_LINE = 200;
/** Colours and cursor movements of a terminal. */
// oxlint-disable-next-line no-control-regex -- these sequences are made of them.
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;

/**
 * The lines of a test run that name what failed, without times and counts, sorted: what two runs
 * with the same failures have in common. Null if no line looks like a failure.
 */
export function failingLines(output: string): readonly string[] | null {
  const lines = output
    .replaceAll(ESCAPES, '')
    .split('\n')
    .filter((line) => SIGNS.test(line))
    .map(normal)
    .filter((line) => line !== '');
  if (lines.length === 0) return null;
  return [...new Set(lines)].toSorted().slice(0, MAX_LINES);
}

function normal(line: string): string {
  return line
    .replaceAll(/\(?\b\d+(?:\.\d+)?\s?(?:ms|s|m)\b\)?/g, '')
    .replaceAll(/^\s*not ok \d+/g, 'not ok')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_LINE);
}

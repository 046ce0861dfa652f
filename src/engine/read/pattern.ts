import { RE2JS, RE2JSException } from 're2js';

const MAX_TEXT = 50_000;
const MAX_SOURCE = 500;
/** Instructions of the compiled pattern: the most that one character of the text may cost. */
const MAX_SIZE = 1_000;

/**
 * True when the pattern matches anywhere in the text; false also for an invalid pattern. Patterns
 * come from workflow files, are untrusted and run inside a database transaction: RE2 takes time in
 * proportion to the text, and so has no look-around and no back references.
 */
export function patternMatches(source: string, text: string, ignoreCase: boolean): boolean {
  return cached(source, ignoreCase)?.test(text.slice(0, MAX_TEXT)) ?? false;
}

/** A used pattern may hold 8 MB of what it has learned about the text. */
const MAX_CACHED = 20;
const compiled = new Map<string, RE2JS | null>();

function cached(source: string, ignoreCase: boolean): RE2JS | null {
  const key = `${ignoreCase ? 'i' : 'c'}:${source}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const pattern = compile(source, ignoreCase);
  if (compiled.size >= MAX_CACHED) compiled.clear();
  compiled.set(key, pattern);
  return pattern;
}

function compile(source: string, ignoreCase: boolean): RE2JS | null {
  if (source.length > MAX_SOURCE) return null;
  try {
    const pattern = RE2JS.compile(unescaped(source), ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    return pattern.programSize() > MAX_SIZE ? null : pattern;
  } catch (error) {
    if (error instanceof RE2JSException) return null;
    throw error;
  }
}

/** RE2 accepts a backslash only before ASCII; before any other letter it never meant anything. */
function unescaped(source: string): string {
  return source.replaceAll(/\\(.)/gsu, (pair, char: string) => (char > '\x7f' ? char : pair));
}

import type { LineCounter, YAMLError } from 'yaml';
import type { Problem } from './problem.ts';

/** What the YAML parser found, in terms of the lines a person sees. */
export function explainYaml(
  errors: readonly YAMLError[],
  text: string,
  lines: LineCounter,
  path: string,
): readonly Problem[] {
  const deeper = new Set(
    errors.filter(({ code }) => code === 'MULTILINE_IMPLICIT_KEY').map(({ pos: [start] }) => start),
  );
  return errors
    .filter(({ code, pos: [start] }) => code !== 'BLOCK_AS_IMPLICIT_KEY' || !deeper.has(start))
    .map((error) => {
      const indented = indentedAt(error, text);
      const at = lines.linePos(indented ?? error.pos[0]);
      const message = MESSAGES[error.code] ?? `${lowerFirst(error.message)}.`;
      return {
        path,
        line: at.line,
        column: at.col,
        code: error.code === 'DUPLICATE_KEY' ? 'duplicate' : 'yaml',
        message: indented === null ? message : INDENT,
      };
    });
}

const COLON =
  'text with a colon and a blank in it (`: `) needs quotes around it, else it is read as a key.';
const INDENT =
  'this line is indented unlike those it belongs to; the keys of one map start at the same column.';

const MESSAGES: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  DUPLICATE_KEY: 'this key stands here twice; keep one of them.',
  TAB_AS_INDENT: 'tabs cannot indent YAML; use blanks.',
  MULTIPLE_DOCS: 'a file holds one document; remove the line `---` and what follows it.',
  BAD_ALIAS: 'this alias (*name) names no anchor (&name) above it.',
  BLOCK_AS_IMPLICIT_KEY: COLON,
  BLOCK_IN_FLOW: COLON,
};

/**
 * Where the content of a wrongly indented line begins; null if it is something else. Whatever is
 * missing before the blanks of a line, such as the `-` of an item, is missing because of them.
 */
function indentedAt({ code, pos: [start, end] }: YAMLError, text: string): number | null {
  const isDeeper = code === 'MULTILINE_IMPLICIT_KEY';
  const begin = text.lastIndexOf('\n', (isDeeper ? end : start) - 1) + 1;
  const blanks = /^ */.exec(text.slice(begin))?.[0].length ?? 0;
  const isOff = (code === 'MISSING_CHAR' || code === 'BAD_INDENT') && start === begin && blanks > 0;
  return isDeeper || isOff ? begin + blanks : null;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

import { ConditionError } from './condition-error.ts';

export type Token = { readonly index: number; readonly text: string } & (
  | { readonly type: 'word' | 'number' | 'symbol' }
  | { readonly type: 'text'; readonly value: string }
);

const TOKEN =
  /\s*(?:(?<number>-?\d+(?:\.\d+)?(?![\w.]))|(?<word>[A-Za-z_][\w-]*(?:\.[\w-]+)*)|(?<text>"(?:[^"\\]|\\.)*"|'[^']*')|(?<symbol>==|!=|>=|<=|[><=()[\],]))/y;

/** Splits a condition into words, numbers, texts and symbols. Throws ConditionError. */
export function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw unexpected(text, from);
    tokens.push(tokenOf(match));
  }
  return tokens;
}

function tokenOf(match: RegExpExecArray): Token {
  const { number, word, text, symbol } = match.groups ?? {};
  const found = number ?? word ?? text ?? symbol ?? '';
  const index = match.index + match[0].length - found.length;
  if (text !== undefined) return { type: 'text', index, text, value: unquote(text) };
  return {
    type: number !== undefined ? 'number' : word !== undefined ? 'word' : 'symbol',
    index,
    text: found,
  };
}

function unquote(text: string): string {
  const inner = text.slice(1, -1);
  return text.startsWith("'") ? inner : inner.replaceAll(/\\(.)/g, '$1');
}

/** What people used to other languages write. */
const MEANT: readonly (readonly [string, string])[] = [
  ['"', 'this quote is never closed.'],
  ["'", 'this quote is never closed.'],
  ['&&', '`&&` is written `and`.'],
  ['||', '`||` is written `or`.'],
  ['!', '`!` is written `not`.'],
  ['{{', 'a condition is no template: write names without {{ }}.'],
  ['${', 'a condition is no template: write names without ${ }.'],
];

function unexpected(text: string, from: number): ConditionError {
  const index = from + (text.slice(from).length - text.slice(from).trimStart().length);
  const rest = text.slice(index);
  const meant = MEANT.find(([start]) => rest.startsWith(start))?.[1];
  const [character = ''] = rest;
  return new ConditionError(meant ?? `\`${character}\` cannot stand in a condition.`, index);
}

import { plainLine } from '../text/clean-text.ts';

const MAX = 120;

/** One line about a step's answer: its first sentence of prose, followed by what it changed. */
export function renderStepHeadline(text: string, changedFiles: number | null): string {
  const changes =
    changedFiles === null ? '' : changedFiles === 1 ? '1 file' : `${changedFiles} files`;
  const suffix = changes === '' ? '' : ` · ${changes}`;
  const said = plainLine(firstProse(text), MAX - suffix.length);
  return said === '' ? changes : `${said}${suffix}`;
}

/** Titles, fences, tables and list markers say little by themselves. */
function firstProse(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const prose = lines.find(
    (line) => /[\p{L}\p{N}]/u.test(line) && !/^(?:#|```|~~~|\||<|[-=*_]{3,}$)/.test(line),
  );
  const title = lines.find((line) => /^#+\s/.test(line));
  const chosen = (prose ?? title ?? '')
    .replace(/^(?:[-*+]|\d+[.)]|#+|>)\s+/, '')
    .replaceAll(/[*_`]/g, '');
  return chosen.match(/^.+?[.!?](?=\s|$)/)?.[0] ?? chosen;
}

import { neutralise } from './neutralise.ts';

/** A harmless line of Markdown, and the fence needed to cut the text after it; null if none. */
export interface BlockLine {
  readonly text: string;
  readonly closing: string | null;
}

/**
 * The lines of a text with everything live in them removed. Its code blocks are rewritten with
 * fences of our own, so that GitHub and we agree on what is code.
 */
export function blockLines(text: string, maxLength: number): BlockLine[] {
  const lines = text.split('\n').flatMap((line) => shortLines(line, maxLength));
  const result: BlockLine[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const fence = fenceAt(line);
    if (fence === null) {
      result.push({ text: cleanProse(line), closing: null });
      continue;
    }
    const content: string[] = [];
    for (at += 1; at < lines.length && !isEndOf(fence, lines[at] ?? ''); at += 1) {
      content.push(lines[at] ?? '');
    }
    const marks = fenceAround(content.join('\n'));
    for (const inside of [marks + fence.info, ...content]) {
      result.push({ text: inside, closing: marks });
    }
    result.push({ text: marks, closing: null });
  }
  return result;
}

/** A fence longer than any run of backticks in the content. */
export function fenceAround(content: string): string {
  const runs = content.match(/`{3,}/g) ?? [];
  return '`'.repeat(runs.reduce((longest, run) => Math.max(longest, run.length + 1), 3));
}

function shortLines(line: string, maxLength: number): string[] {
  const pieces: string[] = [];
  let rest = line;
  while (rest.length > maxLength) {
    const end = breakIn(rest, maxLength);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}

/** After the last word that fits; a word longer than half a line is itself broken. */
function breakIn(line: string, maxLength: number): number {
  const space = line.lastIndexOf(' ', maxLength - 1);
  if (space >= maxLength / 2) return space + 1;
  return maxLength - (/[\uD800-\uDBFF]/.test(line[maxLength - 1] ?? '') ? 1 : 0);
}

function cleanProse(line: string): string {
  const heading = /^\s{0,3}#{1,6}(\s.*)$/.exec(line);
  if (heading !== null) return `####${neutralise(heading[1] ?? '')}`;
  // Within the text's own quotation or list, a fence would start that we did not see.
  const tildes = /^([\s>*+\d.)-]*)~~~(.*)$/.exec(line);
  if (tildes !== null) return `${tildes[1]}&#126;~~${neutralise(tildes[2] ?? '')}`;
  return neutralise(line).replace(
    /^(\s*)([/@])/,
    (_, space: string, mark: string) => `${space}&#${mark.codePointAt(0)};`,
  );
}

interface Fence {
  readonly marks: string;
  readonly info: string;
}

function fenceAt(line: string): Fence | null {
  const match = /^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(`{3,}|~{3,})(.*)$/.exec(line);
  if (match === null) return null;
  const [, marks = '', info = ''] = match;
  if (marks.startsWith('`') && info.includes('`')) return null;
  return { marks, info: languageOf(info) };
}

function isEndOf({ marks }: Fence, line: string): boolean {
  const text = line.trim();
  return text.startsWith(marks) && /^(?:`+|~+)$/.test(text);
}

/** GitHub draws some languages as pictures or buttons; what a model wrote stays text. */
function languageOf(info: string): string {
  const language = /^\s*([A-Za-z0-9+#-]{1,20})\s*$/.exec(info)?.[1] ?? '';
  return /^(?:mermaid|geojson|topojson|stl|math|suggestion)$/i.test(language) ? 'text' : language;
}

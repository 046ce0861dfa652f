import { type HiddenBlock, hiddenBlockAt } from './hidden-block.ts';

/** One line of a comment that people see as its author's own words. */
export interface SpokenLine {
  readonly text: string;
  /** Shown as part of the quotation above it, since no empty line separates them. */
  readonly underQuote: boolean;
  /** The fenced block right below, if there is one: the payload of a command. */
  readonly block: string | null;
}

/**
 * What the author of a comment says in it: without code, quotations, hidden HTML and the mail that
 * a reply was written under, and with plain quotes and dashes instead of what keyboards make of
 * them.
 */
export function cleanComment(body: string): readonly SpokenLine[] {
  const lines = withoutInvisible(body.slice(0, MAX_BODY)).split(/\r\n|\r|\n/);
  const scan: Scan = { spoken: [], hidden: null, quoting: false, adjacent: false };
  for (const [index, line] of lines.entries()) {
    if (scan.hidden !== null) readHidden(scan, scan.hidden, line);
    else if (isReplySeparator(line, lines[index + 1] ?? '')) return scan.spoken;
    else readVisible(scan, line);
  }
  if (scan.hidden !== null) closeHidden(scan, scan.hidden);
  return scan.spoken;
}

/** More than GitHub accepts in a comment. */
const MAX_BODY = 262_144;

interface Scan {
  readonly spoken: SpokenLine[];
  hidden: HiddenBlock | null;
  quoting: boolean;
  /** There are only empty lines between the last spoken line and here. */
  adjacent: boolean;
}

function readHidden(scan: Scan, hidden: HiddenBlock, line: string): void {
  if (hidden.isClosedBy(line)) closeHidden(scan, hidden);
  else hidden.content?.push(line);
}

function closeHidden(scan: Scan, { content }: HiddenBlock): void {
  const last = scan.spoken.at(-1);
  if (content !== null && scan.adjacent && last !== undefined) {
    scan.spoken[scan.spoken.length - 1] = { ...last, block: content.join('\n') };
  }
  scan.adjacent = false;
  scan.hidden = null;
}

function readVisible(scan: Scan, line: string): void {
  if (line.trim() === '') {
    scan.quoting = false;
  } else if (/^ {0,3}>/.test(line)) {
    scan.quoting = /[^\s>]/.test(line);
    scan.adjacent = false;
  } else if (isIndentedCode(line)) {
    scan.adjacent = false;
  } else {
    scan.hidden = hiddenBlockAt(line);
    if (scan.hidden === null) speak(scan, line);
    else if (scan.hidden.endsOnFirstLine || scan.hidden.content === null) scan.adjacent = false;
    if (scan.hidden?.endsOnFirstLine === true) scan.hidden = null;
  }
}

function isIndentedCode(line: string): boolean {
  return /^(?: {4}| {0,3}\t)/.test(line);
}

function speak(scan: Scan, line: string): void {
  const { text, unclosed } = withoutComments(line);
  // Inside a paragraph, an unclosed comment hides no more than the paragraph.
  if (unclosed) scan.hidden = { content: null, endsOnFirstLine: false, isClosedBy: endsParagraph };
  if (text.trim() === '') return;
  scan.spoken.push({ text: withPlainMarks(text), underQuote: scan.quoting, block: null });
  scan.adjacent = !unclosed;
}

function withoutComments(line: string): { text: string; unclosed: boolean } {
  let text = '';
  for (let from = 0; ; ) {
    const open = line.indexOf('<!--', from);
    if (open < 0) return { text: text + line.slice(from), unclosed: false };
    text += `${line.slice(from, open)} `;
    const end = line.indexOf('-->', open + 4);
    if (end < 0) return { text, unclosed: true };
    from = end + 3;
  }
}

function endsParagraph(line: string): boolean {
  return line.trim() === '' || line.includes('-->');
}

/** Mail programs put the original message below one of these. */
const REPLY_SEPARATORS = [
  /^On\b.{4,300}\bwrote:$/,
  /^Am\b.{4,300}\bschrieb\b.{0,200}:$/,
  /^Le\b.{4,300}\ba écrit\s?:$/,
  /^El\b.{4,300}\bescribió:$/,
  /^-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine)\s*-{2,}$/i,
  /^Reply to this email directly\b/,
];

function isReplySeparator(line: string, next: string): boolean {
  const one = line.trim().slice(0, 600);
  if (!/^(?:On|Am|Le|El|Reply|-)/.test(one)) return false;
  const two = `${one} ${next.trim().slice(0, 600)}`;
  return REPLY_SEPARATORS.some((separator) => separator.test(one) || separator.test(two));
}

const INVISIBLE = /[\u00AD\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g;

function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

function withPlainMarks(text: string): string {
  return text
    .replace(/[\u00A0\u2007\u202F]/g, ' ')
    .replace(/[\u201C-\u201F\u2033\u00AB\u00BB]/g, '"')
    .replace(/[\u2018-\u201B\u2032]/g, "'")
    .replace(/(^|\s)[\u2013\u2014](?=[A-Za-z])/g, '$1--')
    .replace(/[\u2010-\u2015\u2212]/g, '-');
}

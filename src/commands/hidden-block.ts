/** Lines people do not read as speech: a fenced block, a hidden comment, an HTML block. */
export interface HiddenBlock {
  /** What a fenced block contains so far; null for blocks that are never a payload. */
  readonly content: string[] | null;
  readonly endsOnFirstLine: boolean;
  isClosedBy(line: string): boolean;
}

/** The block a line opens, or null if the line is ordinary text. */
export function hiddenBlockAt(line: string): HiddenBlock | null {
  return fenceAt(line) ?? commentAt(line) ?? elementAt(line);
}

/** A fence may follow list markers. A backtick fence has no backtick in its info string. */
function fenceAt(line: string): HiddenBlock | null {
  const fence = /^(\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*)(`{3,}|~{3,})(.*)$/.exec(line);
  if (fence === null) return null;
  const [, lead = '', marks = '', info = ''] = fence;
  if (marks.startsWith('`') && info.includes('`')) return null;
  return {
    content: [],
    endsOnFirstLine: false,
    isClosedBy: (later) => later.search(/\S/) <= lead.length + 3 && isFence(later.trim(), marks),
  };
}

function isFence(text: string, atLeast: string): boolean {
  return text.startsWith(atLeast) && /^(?:`+|~+)$/.test(text);
}

function commentAt(line: string): HiddenBlock | null {
  if (!/^ {0,3}<!--/.test(line)) return null;
  const endsOnFirstLine = line.replace('<!--', '').includes('-->');
  return { content: null, endsOnFirstLine, isClosedBy: (later) => later.includes('-->') };
}

function elementAt(line: string): HiddenBlock | null {
  const tag = /^ {0,3}<(pre|code|blockquote|script|style|textarea)\b/i.exec(line)?.[1];
  if (tag === undefined) return null;
  const end = new RegExp(`</${tag}\\s*>`, 'i');
  return { content: null, endsOnFirstLine: end.test(line), isClosedBy: (later) => end.test(later) };
}

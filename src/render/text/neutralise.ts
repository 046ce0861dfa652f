/**
 * Makes one line of Markdown harmless but readable: mentions notify nobody, `#12` and addresses
 * link nowhere, HTML is text, and backticks pair up within the line. A zero-width space breaks them
 * up, because unlike an entity it also does no harm inside code.
 */
export function neutralise(line: string): string {
  let out = '';
  let at = 0;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(line); match !== null; match = TOKEN.exec(line)) {
    const [token] = match;
    out += line.slice(at, match.index);
    const end = token.startsWith('`') ? endOfCode(line, match.index, token) : null;
    if (end !== null) {
      out = withCode(out, line.slice(match.index, end));
      TOKEN.lastIndex = end;
    } else if (isAddress(token)) {
      out = withAddress(out, token);
    } else {
      out += harmless(token);
    }
    at = TOKEN.lastIndex;
  }
  return out + line.slice(at);
}

const PART = '\u200B';

const TOKEN =
  /\\[!-/:-@[-`{-~]|`+|(?:https?:\/\/|ftp:\/\/|www\.)[^\s<>`|\\]+|&(?=[#a-z])|<(?=[a-z/!?])|\$(?=\S)|@(?=\S)|#(?=[\d\\])|gh-(?=\d)|\](?=[([:])|\[(?=[!^])/gi;

/** Inline code ends at the next run of as many backticks. */
function endOfCode(line: string, start: number, marks: string): number | null {
  for (let at = start + marks.length; at < line.length; ) {
    const open = line.indexOf('`', at);
    if (open < 0) return null;
    let end = open;
    while (line[end] === '`') end += 1;
    if (end - open === marks.length) return end;
    at = end;
  }
  return null;
}

/** Adjacent backticks would become one run, and a backslash would escape the first one. */
function withCode(before: string, piece: string): string {
  return /[`\\]$/.test(before) ? `${before} ${piece}` : before + piece;
}

function isAddress(token: string): boolean {
  return /^(?:https?:|ftp:|www\.)/i.test(token);
}

function withAddress(before: string, address: string): string {
  const [, core = '', tail = ''] = /^(.*?)([.,;:!?'")\]*_~]*)$/.exec(address) ?? [];
  return withCode(before, `\`${core}\`${tail.replaceAll(']', `]${PART}`)}`);
}

function harmless(token: string): string {
  if (token.startsWith('`')) return '&#96;'.repeat(token.length);
  if (token === '\\`') return '&#96;';
  return `${token}${PART}`;
}

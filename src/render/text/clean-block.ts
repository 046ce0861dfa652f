import { type BlockLine, blockLines, fenceAround } from './block-lines.ts';
import { withoutInvisible } from './clean-text.ts';
import { byteLength, cutBytes } from './cut-text.ts';
import { scrubSecrets } from './scrub.ts';

/**
 * Markdown by a model or a person, harmless and cut to a size. What it opens is closed: fences are
 * rewritten, longer than anything inside, and HTML is text. No line contains a live command.
 */
export function cleanBlock(text: string, maxBytes: number): string {
  return blockWithin(text, maxBytes, '');
}

/** The same as a quotation, which nothing inside can leave. */
export function quoteBlock(text: string, maxBytes: number): string {
  return blockWithin(text, maxBytes, '> ');
}

/** Beginning and end of a long text, each valid Markdown, with a note on what is left out. */
export function keepEnds(text: string, headLength: number, tailLength: number): string {
  const source = readable(text);
  if (source.length <= headLength + tailLength) return cleanBlock(source, source.length * 4 + 100);
  const head = cleanBlock(source.slice(0, headLength), headLength * 4);
  const tail = cleanBlock(source.slice(-tailLength), tailLength * 4);
  const left = count(source.length - headLength - tailLength, 'character');
  return `${head}\n\n*… ${left} left out: this keeps the first ${count(headLength)} and the last ${count(tailLength)} …*\n\n${tail}`;
}

/** A text as it is, in a code block that nothing inside can close. */
export function fencedBlock(text: string, info: string, maxBytes: number): string {
  const content = readable(text);
  const kept = cutBytes(content, maxBytes);
  const fence = fenceAround(kept);
  const left = content.length - kept.length;
  const note = left === 0 ? '' : `\n\n*… ${count(left, 'more character')} left out*`;
  return `${fence}${info}\n${kept}\n${fence}${note}`;
}

/** The text without secrets and without anything readers cannot see. */
export function scrubbed(text: string): string {
  return scrubSecrets(withoutInvisible(text));
}

function readable(text: string): string {
  return scrubbed(text).trimEnd();
}

const MOST_IN_LINE = 4000;

/** As it was written if there is room for it; else with shorter lines, so that an only line need not be dropped. */
function blockWithin(text: string, maxBytes: number, lead: string): string {
  const source = readable(text);
  const whole = linesOf(source, MOST_IN_LINE, lead).map((line) => line.text);
  const joined = whole.join('\n');
  if (byteLength(joined) <= maxBytes) return joined;
  const shorter = Math.min(MOST_IN_LINE, Math.max(100, Math.floor(maxBytes / 10)));
  return cutWithin(linesOf(source, shorter, lead), maxBytes, lead);
}

function linesOf(source: string, maxLength: number, lead: string): readonly BlockLine[] {
  return blockLines(source, maxLength).map(({ text, closing }) => ({
    text: `${lead}${text}`.trimEnd(),
    closing,
  }));
}

function cutWithin(lines: readonly BlockLine[], maxBytes: number, lead: string): string {
  const whole = lines.map(({ text }) => text);
  const sizes = whole.map((line) => byteLength(line) + 1);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total - 1 <= maxBytes) return whole.join('\n');

  const kept: string[] = [];
  let size = NOTE_SIZE;
  let closing: string | null = null;
  for (const [index, line] of whole.entries()) {
    const next = lines[index]?.closing ?? null;
    size += sizes[index] ?? 0;
    if (size + byteLength(lead + (next ?? '')) > maxBytes) break;
    kept.push(line);
    closing = next;
  }
  const left = whole.length - kept.length;
  if (closing !== null) kept.push(lead + closing);
  return [...kept, lead.trimEnd(), `${lead}*… ${count(left, 'more line')} left out*`].join('\n');
}

const NOTE_SIZE = 60;

function count(amount: number, unit?: string): string {
  const figure = String(amount).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return unit === undefined ? figure : `${figure} ${unit}${amount === 1 ? '' : 's'}`;
}

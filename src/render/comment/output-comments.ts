import { fenceAround } from '../text/block-lines.ts';
import { scrubbed } from '../text/clean-block.ts';
import { code } from '../text/clean-text.ts';
import { cutBytes } from '../text/cut-text.ts';
import { formatSize, plural } from '../text/format.ts';
import { fold } from './comment-frame.ts';

export interface ShownOutput {
  readonly step: string;
  readonly run: string;
  readonly visit: number;
  readonly text: string;
  /** Who replaced the step's own words; null if nobody did. */
  readonly author: string | null;
}

/** GitHub allows 65,536 characters in a comment, other limits count bytes; the rest is for our words. */
const MAX_PART = 58_000;
const MAX_PARTS = 3;
/** A part ends at a line end if there is one nearby. */
const LINE_WITHIN = 2_000;

/**
 * A whole result, folded, in as many comments as it takes, up to a limit; the last one names the
 * command that shows the rest. Characters are counted as shown, from 1.
 */
export function renderOutput(output: ShownOutput, from: number, prefix: string): readonly string[] {
  const text = scrubbed(output.text);
  if (text === '') return [`The result of ${nameOf(output)} is empty.`];
  if (from > text.length)
    return [`The result of ${nameOf(output)} has only ${formatSize(text.length)}.`];
  const parts = cutParts(text, from - 1);
  const end = parts.at(-1)?.end ?? text.length;
  return parts.map((part, index) => {
    const isLast = index === parts.length - 1;
    return [
      headline(output, part, text.length),
      fold(`Characters ${grouped(part.start + 1)} to ${grouped(part.end)}`, fenced(part.text)),
      ...(isLast && end < text.length ? [wayOn(output, end, text.length, prefix)] : []),
    ].join('\n\n');
  });
}

interface Part {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function cutParts(text: string, from: number): readonly Part[] {
  const parts: Part[] = [];
  for (let start = from; start < text.length && parts.length < MAX_PARTS; ) {
    const fitting = cutBytes(text.slice(start, start + MAX_PART), MAX_PART);
    const line = fitting.lastIndexOf('\n') + 1;
    const isEnd = start + fitting.length >= text.length;
    const length = isEnd || fitting.length - line > LINE_WITHIN ? fitting.length : line;
    parts.push({ start, end: start + length, text: fitting.slice(0, length) });
    start += length;
  }
  return parts;
}

function headline(output: ShownOutput, { start, end }: Part, total: number): string {
  const isWhole = start === 0 && end === total;
  const range = isWhole ? '' : `, characters ${grouped(start + 1)} to ${grouped(end)} of`;
  const visit = output.visit > 1 ? `, visit ${output.visit}` : '';
  const author = output.author === null ? '' : `, as ${code(output.author)} wrote it`;
  return `Result of ${nameOf(output)}${visit}${author}${range || ':'} ${formatSize(total)}`;
}

function nameOf({ step, run }: ShownOutput): string {
  return `${code(step)} in run ${code(run)}`;
}

function wayOn({ step, run }: ShownOutput, end: number, total: number, prefix: string): string {
  const left = plural(total - end, 'more character');
  return `${left}: ${code(`/${prefix} output ${run} ${step} from ${end + 1}`)}`;
}

function fenced(text: string): string {
  const fence = fenceAround(text);
  return `${fence}text\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

function grouped(figure: number): string {
  return String(figure).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** The step has no result of its own to show. */
export function renderNoOutput(
  step: string,
  run: string,
  members: readonly string[],
  prefix: string,
): string {
  if (members.length === 0) return `${code(step)} has no result that can be shown.`;
  const lines = members
    .slice(0, MAX_NAMES)
    .map((key) => `- ${code(`/${prefix} output ${run} ${key}`)}`);
  return `${code(step)} could be any of these:\n\n${lines.join('\n')}`;
}

const MAX_NAMES = 20;

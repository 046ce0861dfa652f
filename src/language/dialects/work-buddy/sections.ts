import { nearest } from '../../problems/nearest.ts';
import type { SourceBody } from '../dialect.ts';

export interface Sections {
  /** Step id → its instruction and the line it starts on. */
  readonly steps: ReadonlyMap<string, { readonly text: string; readonly line: number }>;
  /** What belongs to no step: the unit's context. */
  readonly context: string;
  /** Headings that look like the id of a step and are not one. */
  readonly strays: readonly {
    readonly title: string;
    readonly line: number;
    readonly meant: string;
  }[];
}

interface Heading {
  readonly level: number;
  readonly title: string;
  /** Index of its line. */
  readonly at: number;
}

/** Splits the body of a Markdown unit: one section per step, under a heading with the step's id. */
export function readSections(body: SourceBody, ids: readonly string[]): Sections {
  const lines = body.text.split(/\r?\n/);
  const headings = headingsOf(lines);
  const level = headings.find(({ title }) => ids.includes(title))?.level ?? null;
  const cuts = headings.filter((heading) => level !== null && heading.level <= level);
  const steps = new Map<string, { text: string; line: number }>();
  const strays: { title: string; line: number; meant: string }[] = [];
  const context = [lines.slice(0, cuts[0]?.at ?? lines.length).join('\n')];
  for (const [index, { title, at }] of cuts.entries()) {
    const section = lines.slice(at + 1, cuts[index + 1]?.at ?? lines.length);
    const blank = section.findIndex((line) => line.trim() !== '');
    const line = body.line + at + 1 + Math.max(0, blank);
    if (ids.includes(title)) {
      steps.set(title, { text: section.join('\n').trim(), line });
      continue;
    }
    const meant = nearest(title, ids);
    if (meant !== null) strays.push({ title, line: body.line + at, meant });
    context.push([lines[at] ?? '', ...section].join('\n'));
  }
  return { steps, context: context.join('\n').trim(), strays };
}

/** Headings outside fenced code. */
function headingsOf(lines: readonly string[]): readonly Heading[] {
  const headings: Heading[] = [];
  let fence: string | null = null;
  for (const [at, line] of lines.entries()) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1] ?? null;
    if (mark !== null) fence = fence === null ? mark : mark.startsWith(fence) ? null : fence;
    const match = fence === null ? /^(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line) : null;
    if (match === null) continue;
    const [, marks = '', title = ''] = match;
    headings.push({ level: marks.length, title: title.replaceAll('`', ''), at });
  }
  return headings;
}

import { cleanLine, code } from '../text/clean-text.ts';
import { plural } from '../text/format.ts';
import type { ReportInput, ReportLinks } from './report-input.ts';
import { workRows } from './step-rows.ts';

/** One line per piece of technical debt, with the step that found it. */
export function debtLines({ plan, run }: ReportInput): readonly string[] {
  return workRows(plan, run).flatMap(({ key, state }) =>
    (state.result?.debts ?? []).map((debt) => `${cleanLine(debt, 300)} (${code(key)})`),
  );
}

export function debtTitle({ links }: ReportInput): string {
  return links.followUp === undefined
    ? 'Technical debt'
    : `Technical debt, kept in #${links.followUp.number}`;
}

const MOST_LINES = 20;

/** Used if no pull request lists it. */
export function debtSection(input: ReportInput): readonly string[] {
  const lines = debtLines(input);
  if (lines.length === 0 || input.links.pullRequest !== null) return [];
  const left = lines.length - MOST_LINES;
  const list = lines.slice(0, MOST_LINES).map((line) => `- ${line}`);
  const more = left > 0 ? [`- …and ${plural(left, 'more piece')} of it`] : [];
  return [`**${debtTitle(input)}**\n\n${[...list, ...more].join('\n')}`];
}

export function followUpLink({ followUp }: ReportLinks): readonly string[] {
  return followUp === undefined ? [] : [`[follow-up #${followUp.number}](${followUp.url})`];
}

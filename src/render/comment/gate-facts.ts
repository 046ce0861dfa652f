import type { Gate } from '../../engine/state/run.ts';
import { code } from '../text/clean-text.ts';
import { openItemLines } from './open-item-lines.ts';
import type { ReportInput } from './report-input.ts';

/** The run's branch, or the pull request it looks at and has added nothing to. */
export function standsOn({ context }: ReportInput, { subject }: Gate): string {
  return subject.headOf === 'subject' ? `#${context.subject.number}` : code(context.branch);
}

const MOST_ITEMS = 40;

/** What approving accepts as it is. */
export function openItemsText({ openItems = [] }: Gate): readonly string[] {
  if (openItems.length === 0) return [];
  const lines = openItemLines(openItems, MOST_ITEMS).map((line) => `- ${line}`);
  return [lines.join('\n')];
}

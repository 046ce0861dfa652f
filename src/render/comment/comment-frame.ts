import { cleanLine, code } from '../text/clean-text.ts';
import { shortSha } from '../text/format.ts';
import { headlineFor } from './headline.ts';
import type { ReportInput } from './report-input.ts';

/** Icon, workflow and state in one line. */
export function titleLine(input: ReportInput): string {
  const { icon, text } = headlineFor(input);
  // A success contains nobody else's words, and its `#12` is the pull request it made.
  const words = input.run.status === 'succeeded' ? text : cleanLine(text, 200);
  return `${icon} ${cleanLine(input.context.workflow, 60)} · ${words}`;
}

/** Empty lines around the content, or GitHub takes it for HTML. */
export function fold(
  summary: string,
  content: string,
  state: 'closed' | 'open' = 'closed',
): string {
  const tag = state === 'open' ? '<details open>' : '<details>';
  return `${tag}<summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** Small print: which program, from which file. There must be an empty line above it. */
export function footer({ plan, settings }: ReportInput): string {
  const { origin, path, commit } = plan.source;
  const file = `${code(path)}${commit === null ? '' : ` at ${code(shortSha(commit))}`}`;
  const parts = [
    `${settings.prefix} ${cleanLine(settings.version, 30)}`,
    `workflow ${origin === 'built-in' ? 'built in' : file}`,
    `instance ${cleanLine(settings.instance, 40)}`,
  ];
  return `<sub>${parts.join(' · ')}</sub>`;
}

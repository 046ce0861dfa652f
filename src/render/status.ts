import { code } from './clean-text.ts';
import { titleLine } from './comment-frame.ts';
import { nowLine } from './now-text.ts';
import type { ReportInput } from './report-input.ts';

/** Where the runs of a thread stand, newest first. */
export function renderStatus(runs: readonly ReportInput[], prefix: string): string {
  if (runs.length === 0) {
    return `Nothing has run here yet. ${code(`/${prefix} list`)} shows what can be started.`;
  }
  return runs.slice(0, 10).map(renderOne).join('\n\n');
}

function renderOne(input: ReportInput): string {
  const { run, links } = input;
  const name =
    links.runComment === null ? `run ${code(run.id)}` : `[run ${run.id}](${links.runComment})`;
  return `**${titleLine(input)}** · ${name}\n${nowLine(input)}`;
}

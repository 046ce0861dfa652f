import { titleLine } from '../comment/comment-frame.ts';
import { nowLine } from '../comment/now-text.ts';
import type { ReportInput } from '../comment/report-input.ts';
import { code } from '../text/clean-text.ts';

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

import type { NotNow } from '../../commands/admit.ts';
import { cleanLine, code } from '../text/clean-text.ts';

/** Why a start that was understood and allowed does not happen: one sentence. */
export function renderNotNow(reason: NotNow, workflow: string): string {
  return `Not started: ${sentence(reason, code(workflow))}.`;
}

/** The start happens by itself later. */
export function renderWaits(
  workflow: string,
  run: { readonly id: string; readonly url: string | null },
  prefix: string,
): string {
  const name = run.url === null ? `run ${code(run.id)}` : `[run ${run.id}](${run.url})`;
  return `${code(workflow)} starts here when ${name} is over. \`/${prefix} cancel\` takes that back.`;
}

function sentence(reason: NotNow, workflow: string): string {
  switch (reason.code) {
    case 'label':
      return `${workflow} leaves out what has the label ${code(cleanLine(reason.label, 60))}`;
    case 'search':
      return `the search in the \`skip_if\` of ${workflow} has hits`;
    case 'search-refused':
      return `GitHub does not understand the search in the \`skip_if\` of ${workflow}`;
    case 'open-pulls':
      return `${reason.open} pull requests of mine are open here, and ${workflow} waits until there are fewer`;
    case 'unchanged':
      return `nothing has changed here since run ${code(reason.runId)} of ${workflow}`;
    case 'cooldown':
      return `${workflow} pauses here until ${reason.until.slice(0, 16).replace('T', ' ')} UTC`;
    case 'user-limit':
      return `one person may start ${workflow} ${reason.max} times an hour here`;
    case 'repository-limit':
      return `${workflow} may be started ${reason.max} times a day in this repository`;
    case 'waiting':
      return `a start of ${workflow} waits here already`;
    case 'busy':
      return `run ${code(reason.runId)} is still live, and ${workflow} does not run beside it`;
  }
}

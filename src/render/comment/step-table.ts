import { type NodeRow, orderedNodes } from '../../engine/state/ordered-nodes.ts';
import type { NodeState } from '../../engine/state/run.ts';
import { cleanLine } from '../text/clean-text.ts';
import { formatClock, formatDuration, formatTime, millisecondsBetween } from '../text/format.ts';
import { openGateAt } from './gates.ts';
import { iconForNode } from './icons.ts';
import type { ReportInput } from './report-input.ts';
import { triesOf } from './step-rows.ts';
import { stopWords } from './stop-words.ts';
import { formatUsage } from './usage.ts';

/** The steps of a run as a Markdown table; everything beyond the first rows is folded. */
export function renderStepTable(input: ReportInput, open = 25, folded = 75): string {
  const rows = orderedNodes(input.plan, input.run);
  const shown = renderRows(input, rows.slice(0, open));
  const rest = rows.slice(open);
  if (rest.length === 0) return shown;
  const hidden = renderRows(input, rest.slice(0, folded));
  const left = rest.length - folded;
  const note = left > 0 ? `\n\n…and ${left} more.` : '';
  const summary = `${rest.length} more step${rest.length === 1 ? '' : 's'}`;
  return `${shown}\n\n<details><summary>${summary}</summary>\n\n${hidden}${note}\n\n</details>`;
}

function renderRows(input: ReportInput, rows: readonly NodeRow[]): string {
  const lines = rows.map((row) => `| ${cellsFor(input, row).join(' | ')} |`);
  return ['| | Step | Result | Tries | Time | Cost |', '|---|---|---|---|---|---|', ...lines].join(
    '\n',
  );
}

function cellsFor(input: ReportInput, row: NodeRow): readonly string[] {
  const { node, state } = row;
  const tries = triesOf(state);
  const time = millisecondsBetween(state.startedAt, state.finishedAt);
  return [
    iconForNode(node, state),
    nameOf(row),
    resultOf(input, row),
    tries > 0 ? String(tries) : '',
    time === null ? '' : formatDuration(time),
    formatUsage(state.usage, 'cell'),
  ].map((cell) => cell.trim());
}

function nameOf({ node, depth, member, parallel, loop }: NodeRow): string {
  const indent = depth === 0 ? '' : `${'&emsp;'.repeat(depth - 1)}↳ `;
  const number = member === null ? '' : `${member + 1} · `;
  const marks = [
    ...(parallel ? ['∥'] : []),
    ...(loop === null ? [] : [`↻ ${loop.count}/${loop.max}`]),
  ];
  return [indent + number + cleanLine(node.id, 80), ...marks].join(' ');
}

/** One line on the step's result, or why there is none. */
function resultOf(input: ReportInput, { key, node, state }: NodeRow): string {
  const headline = cleanLine(state.result?.headline ?? '', 120);
  switch (state.status) {
    case 'idle':
      return '';
    case 'ready':
      return waitingToStart(input, state);
    case 'running':
      return runningSince(state, input.quiet[key]);
    case 'awaiting-input':
    case 'awaiting-approval':
      return [headline, gateLink(input, key)].filter((part) => part !== '').join(' · ');
    case 'completed':
      return [headline || 'done', ...decisionsOn(input, key)].join(' · ');
    case 'skipped':
      return cleanLine(state.reason?.message ?? 'not needed', 120);
    case 'failed':
      return (
        stopWords(input.run, key, state, 120) +
        (node.disposition === 'optional' ? ' (optional)' : '')
      );
    case 'blocked':
      return cleanLine(state.reason?.message ?? 'needs a step that failed', 120);
    case 'cancelled':
      return whyStopped(state);
  }
}

/** `🔇` marks a step that has gone silent; it is still running. */
function runningSince({ startedAt }: NodeState, lastSign: string | undefined): string {
  const parts = [
    ...(startedAt === null ? [] : [`since ${formatClock(startedAt)} UTC`]),
    ...(lastSign === undefined ? [] : [`🔇 quiet since ${formatTime(lastSign)}`]),
  ];
  return parts.join(' · ');
}

/** Only what the run's headline does not already say. */
function whyStopped({ reason }: NodeState): string {
  const isAboutRun = ['cancelled', 'denied', 'expired'].includes(reason?.code ?? '');
  return isAboutRun ? 'stopped' : cleanLine(reason?.message ?? 'stopped', 120);
}

function waitingToStart(input: ReportInput, { notBefore, reason }: NodeState): string {
  const why = cleanLine(reason?.message ?? '', 90);
  if (notBefore === null || notBefore <= input.now) return why;
  return [why, `again at ${formatClock(notBefore)} UTC`].filter((part) => part !== '').join(' · ');
}

function gateLink({ run, links }: ReportInput, key: string): string {
  const gate = openGateAt(run, key);
  if (gate === undefined) return '';
  const url = links.gates[gate.id];
  return url === undefined ? `gate ${gate.id}` : `[gate ${gate.id}](${url})`;
}

function decisionsOn({ run }: ReportInput, key: string): readonly string[] {
  const gate = run.gates.findLast(({ node, decision }) => node === key && decision !== null);
  if (gate?.decision?.verdict !== 'approve') return [];
  return [`approved by ${cleanLine(gate.decision.by, 40)}`];
}

import { AUTO_CLOSED, HANDED_OVER } from '../../engine/state/escalation-policy.ts';
import { isSettled } from '../../engine/state/is-settled.ts';
import { openGates } from '../../engine/state/open-gates.ts';
import { orderedNodes } from '../../engine/state/ordered-nodes.ts';
import type { Run } from '../../engine/state/run.ts';
import { plainLine } from '../text/clean-text.ts';
import { artefactOf } from './gates.ts';
import { hasWarnings, ICONS, RUN_ICONS } from './icons.ts';
import type { ReportInput } from './report-input.ts';
import { countDone, failedRow, triesOf, workRows } from './step-rows.ts';

/** The state of a run in one icon and a few words, as plain text. */
export interface Headline {
  readonly icon: string;
  readonly text: string;
}

export function headlineFor(input: ReportInput): Headline {
  const { run } = input;
  if (!isSettled(run.status) && openGates(run).length > 0) {
    return { icon: ICONS.waiting, text: waitingText(run) };
  }
  if (run.status === 'succeeded' && endedWithWarnings(input)) {
    return { icon: ICONS.warning, text: doneText(input, 'done with a warning:') };
  }
  return { icon: RUN_ICONS[run.status], text: textFor(input) };
}

function textFor(input: ReportInput): string {
  const { run } = input;
  switch (run.status) {
    case 'queued':
      return 'queued';
    case 'running':
    case 'waiting':
      return run.held ? `on hold, ${progressText(input)}` : `running, ${progressText(input)}`;
    case 'succeeded':
      return doneText(input, 'done,');
    case 'failed':
      return failedText(input);
    case 'escalated':
      return withReason('needs a person', run);
    case 'cancelled':
      return cancelledText(input);
    case 'expired':
      return expiredText(run);
  }
}

/** Something did not go as it should, though not badly enough to stop the run. */
function endedWithWarnings({ plan, run }: ReportInput): boolean {
  return orderedNodes(plan, run).some(
    ({ node, state }) =>
      hasWarnings(state) || (state.status === 'failed' && node.disposition === 'optional'),
  );
}

function waitingText(run: Run): string {
  const [gate, ...others] = openGates(run);
  if (gate === undefined) return 'waiting';
  if (others.length > 0) return `waiting for you: ${others.length + 1} decisions needed`;
  const need = gate.verdicts.includes('approve') ? 'needs approval' : 'needs you';
  return `waiting for you: ${artefactOf(gate)} ${need}`;
}

function progressText({ plan, run }: ReportInput): string {
  const rows = workRows(plan, run);
  const busy = rows.filter(({ state }) => state.status === 'running' || state.status === 'ready');
  const first = countDone(rows) + 1;
  if (busy.length === 0) return `${first - 1} of ${rows.length} steps done`;
  if (busy.length === 1) return `step ${first} of ${rows.length}`;
  return `steps ${first} to ${first + busy.length - 1} of ${rows.length}`;
}

/** `done`, and what there is to look at. */
function doneText({ links }: ReportInput, done: string): string {
  const { pullRequest } = links;
  if (pullRequest === null) return done.slice(0, -1);
  const state = pullRequest.draft ? 'is open as a draft' : 'is ready for review';
  return `${done} PR #${pullRequest.number} ${state}`;
}

function failedText({ plan, run }: ReportInput): string {
  const denied = run.gates.findLast(({ decision }) => decision?.verdict === 'deny');
  if (run.reason?.code === 'denied' && denied?.decision != null) {
    return `stopped: ${artefactOf(denied)} was denied by ${denied.decision.by}`;
  }
  const row = failedRow(plan, run);
  if (row === undefined) return withReason('failed', run);
  const tries = triesOf(row.state);
  return `failed at ${row.key}${tries > 1 ? ` after ${tries} tries` : ''}`;
}

/** The history knows who it was; the run itself keeps only the reason. */
function cancelledText({ records, run }: ReportInput): string {
  const record = records.findLast(({ kind }) => kind === 'run-cancelled');
  if (record?.actor == null) return withReason('cancelled', run);
  const why = plainLine(record.detail ?? '', 120);
  return `cancelled by ${record.actor}${why === '' ? '' : `: ${why}`}`;
}

function expiredText(run: Run): string {
  if (run.reason?.code === AUTO_CLOSED) return 'closed: nobody answered its call for help';
  if (run.reason?.code === HANDED_OVER) return 'handed over: nobody answered its call for help';
  const gate = run.gates.findLast(({ status }) => status === 'expired');
  if (gate === undefined) return withReason('expired', run);
  return `expired: nobody decided on ${artefactOf(gate)} in time`;
}

function withReason(text: string, { reason }: Run): string {
  return reason === null ? text : `${text}: ${plainLine(reason.message, 120).replace(/\.$/, '')}`;
}

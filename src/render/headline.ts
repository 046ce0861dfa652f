import type { NodeState, Run } from '../engine/run.ts';
import { code, plainLine } from './clean-text.ts';
import { joinWords } from './format.ts';
import { artefactOf, openGatesOf } from './gates.ts';
import { hasWarnings, ICONS, RUN_ICONS } from './icons.ts';
import type { ReportInput } from './report-input.ts';
import { mainRows, type StepRow, stepRows, triesOf } from './step-rows.ts';

/** The state of a run in one picture and a few words, as plain text. */
export interface Headline {
  readonly icon: string;
  readonly text: string;
}

export function headlineFor(input: ReportInput): Headline {
  const { run } = input;
  if (isLive(run) && openGatesOf(run).length > 0) {
    return { icon: ICONS.waiting, text: waitingText(run) };
  }
  if (run.status === 'succeeded' && endedWithWarnings(input)) {
    return { icon: ICONS.warning, text: doneText(input, 'done with a warning') };
  }
  return { icon: RUN_ICONS[run.status], text: settledOrRunningText(input) };
}

export function isLive(run: Run): boolean {
  return run.status === 'queued' || run.status === 'running' || run.status === 'waiting';
}

/** Something went not as it should, though not badly enough to stop the run. */
export function endedWithWarnings({ plan, run }: ReportInput): boolean {
  return stepRows(plan, run).some(
    ({ node, state }) =>
      hasWarnings(state) || (state.status === 'failed' && node.disposition === 'optional'),
  );
}

export function countDone(rows: readonly StepRow[]): number {
  return rows.filter(({ state }) => state.status === 'completed' || state.status === 'skipped')
    .length;
}

/** The step that stopped the run: the first that failed for good. */
export function failedRow({ plan, run }: ReportInput): StepRow | undefined {
  return stepRows(plan, run).findLast(
    ({ node, state }) => state.status === 'failed' && node.disposition !== 'optional',
  );
}

function settledOrRunningText(input: ReportInput): string {
  const { run } = input;
  switch (run.status) {
    case 'queued':
      return 'queued';
    case 'running':
    case 'waiting':
      return run.held ? `on hold, ${progressText(input)}` : `running, ${progressText(input)}`;
    case 'succeeded':
      return doneText(input, 'done');
    case 'failed':
      return failedText(input);
    case 'escalated':
      return withReason('needs a person', run);
    case 'cancelled':
      return withReason('cancelled', run);
    case 'expired':
      return withReason('expired', run);
  }
}

function waitingText(run: Run): string {
  const [gate, ...others] = openGatesOf(run);
  if (gate === undefined) return 'waiting';
  if (others.length > 0) return `waiting for you: ${others.length + 1} decisions needed`;
  const need = gate.kind === 'approval' || gate.kind === 'consent' ? 'needs approval' : 'needs you';
  return `waiting for you: ${artefactOf(gate)} ${need}`;
}

function progressText({ plan, run }: ReportInput): string {
  const rows = mainRows(plan, run);
  const busy = rows.flatMap(({ state }, index) => (isBusy(state) ? [index + 1] : []));
  const [first] = busy;
  if (busy.length === 1) return `step ${first} of ${rows.length}`;
  const last = busy.at(-1);
  if (first !== undefined && last === first + busy.length - 1) {
    return `steps ${first} to ${last} of ${rows.length}`;
  }
  return `${countDone(rows)} of ${rows.length} steps done`;
}

function isBusy({ status }: NodeState): boolean {
  return status === 'running' || status === 'ready';
}

function doneText({ links }: ReportInput, done: string): string {
  const { pullRequest } = links;
  if (pullRequest === null) return done;
  const state = pullRequest.draft ? 'is open as a draft' : 'is ready for review';
  return `${done}${done.includes('warning') ? ':' : ','} PR #${pullRequest.number} ${state}`;
}

function failedText(input: ReportInput): string {
  const denied = input.run.gates.findLast(({ decision }) => decision?.verdict === 'deny');
  if (denied?.decision != null) {
    return `stopped: ${artefactOf(denied)} was denied by ${denied.decision.by}`;
  }
  const row = failedRow(input);
  if (row === undefined) return withReason('failed', input.run);
  const tries = triesOf(row.state);
  return `failed at ${row.key}${tries > 1 ? ` after ${tries} tries` : ''}`;
}

function withReason(text: string, { reason }: Run): string {
  return reason === null ? text : `${text}: ${plainLine(reason.message, 120).replace(/\.$/, '')}`;
}

/** `implement`, or the few that run at once. */
export function busySteps({ plan, run }: ReportInput): string {
  const names = stepRows(plan, run)
    .filter(({ node, state }) => state.status === 'running' && !isComposite(node.kind))
    .map(({ key }) => code(key));
  if (names.length <= 5) return joinWords(names);
  return joinWords([...names.slice(0, 4), `${names.length - 4} more`]);
}

function isComposite(kind: string): boolean {
  return kind === 'call' || kind === 'group' || kind === 'foreach';
}

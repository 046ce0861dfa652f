import { type Button, type GateButton, gateButton } from '../../commands/from-check.ts';
import { isSettled } from '../../engine/state/is-settled.ts';
import { openGates } from '../../engine/state/open-gates.ts';
import type { Gate, RunStatus } from '../../engine/state/run.ts';
import { comparesRuns, ofKind } from '../../plan/kinds.ts';
import type { PlanNode } from '../../plan/plan.ts';
import { footer } from '../comment/comment-frame.ts';
import { exitsFor } from '../comment/exits.ts';
import { artefactOf } from '../comment/gates.ts';
import { headlineFor } from '../comment/headline.ts';
import { nowText } from '../comment/now-text.ts';
import type { ReportInput } from '../comment/report-input.ts';
import { countDone, workRows } from '../comment/step-rows.ts';
import { renderStepTable } from '../comment/step-table.ts';
import { formatUsage } from '../comment/usage.ts';
import { keepEnds } from '../text/clean-block.ts';
import { code, plainLine } from '../text/clean-text.ts';
import { byteLength, cutBytes } from '../text/cut-text.ts';
import { shortSha } from '../text/format.ts';

/** A check run as it should be on GitHub, within all of GitHub's limits. */
export interface CheckView {
  readonly name: string;
  /** The run, and the gate its buttons decide: `R2345678/G1`. */
  readonly externalId: string;
  readonly detailsUrl: string | null;
  readonly status: 'queued' | 'in_progress' | 'completed';
  /** Set if and only if completed. */
  readonly conclusion: Conclusion | null;
  readonly title: string;
  readonly summary: string;
  readonly text: string | null;
  readonly actions: readonly CheckAction[];
}

type Conclusion = 'success' | 'neutral' | 'failure' | 'action_required' | 'cancelled' | 'timed_out';

interface CheckAction {
  /** At most 20 characters. */
  readonly label: string;
  /** At most 40 characters. */
  readonly description: string;
  /** At most 20 characters; `commands/from-check.ts` knows it. */
  readonly identifier: GateButton | Exclude<Button, 'approve' | 'deny'>;
}

export function renderCheck(input: ReportInput): CheckView {
  const { run, context, settings, links } = input;
  const gate = !isSettled(run.status) ? openGates(run)[0] : undefined;
  const isWaiting = run.status === 'waiting' || (gate !== undefined && run.status !== 'queued');
  const conclusion = isWaiting ? 'action_required' : CONCLUSIONS[run.status];
  return {
    name: checkName(settings.prefix, context.workflow),
    externalId: gate === undefined ? run.id : `${run.id}/${gate.id}`,
    detailsUrl: (gate && links.gates[gate.id]) ?? links.runPage ?? links.runComment,
    status: conclusion !== null ? 'completed' : run.status === 'queued' ? 'queued' : 'in_progress',
    conclusion: conclusion === 'success' && firedWarningGate(input) ? 'neutral' : conclusion,
    title: titleFor(input),
    summary: summaryFor(input),
    text: textFor(input),
    actions: isWaiting && gate !== undefined ? gateActions(gate, run.status) : ACTIONS[run.status],
  };
}

/** What the check of a commit says once the branch has moved on to another one. */
export function supersededBy(newHead: string): Pick<CheckView, 'title' | 'summary'> {
  const title = `superseded by ${shortSha(newHead)}`;
  return {
    title,
    summary: `This commit is no longer the head of the branch: ${title}. The run goes on there.`,
  };
}

function checkName(prefix: string, workflow: string): string {
  return plainLine(`${prefix} / ${workflow}`, 100);
}

/**
 * Waiting for a person is *completed*: only then does GitHub show buttons, and only then does the
 * check not go stale after 14 days.
 */
const CONCLUSIONS: Readonly<Record<RunStatus, Conclusion | null>> = {
  queued: null,
  running: null,
  waiting: 'action_required',
  succeeded: 'success',
  failed: 'failure',
  escalated: 'action_required',
  cancelled: 'cancelled',
  expired: 'timed_out',
};

const RESUME: CheckAction = {
  label: 'Resume',
  description: 'Go on from where the run stopped',
  identifier: 'resume',
};
const RUN_AGAIN: CheckAction = {
  label: 'Run again',
  description: 'Start the workflow once more',
  identifier: 'run-again',
};
const CANCEL: CheckAction = {
  label: 'Cancel',
  description: 'Stop the run, keep the branch',
  identifier: 'cancel',
};

const ACTIONS: Readonly<Record<RunStatus, readonly CheckAction[]>> = {
  queued: [],
  running: [],
  waiting: [CANCEL],
  succeeded: [RUN_AGAIN],
  failed: [RESUME],
  escalated: [RESUME],
  cancelled: [RESUME],
  expired: [RESUME],
};

function gateActions(gate: Gate, status: RunStatus): readonly CheckAction[] {
  const about = plainLine(artefactOf(gate), 40);
  const approve: CheckAction = {
    label: 'Approve',
    description: limited(`Approve ${about} as it is`, 40),
    identifier: gateButton('approve', gate.id),
  };
  const deny: CheckAction = {
    label: 'Deny',
    description: 'End the run, keep the branch',
    identifier: gateButton('deny', gate.id),
  };
  return [
    ...(gate.verdicts.includes('approve') ? [approve] : []),
    ...(gate.verdicts.includes('deny') ? [deny] : []),
    ...ACTIONS[status].filter(({ identifier }) => identifier === 'cancel'),
  ];
}

/** A gate that only warns has found something: the run passes, and the check says so. */
function firedWarningGate({ plan, run }: ReportInput): boolean {
  return workRows(plan, run).some(
    ({ node, state }) =>
      mayWarn(node) && ((state.result?.warnings.length ?? 0) > 0 || state.status === 'failed'),
  );
}

function mayWarn(node: PlanNode): boolean {
  return ofKind(node, 'gate')?.severity === 'warning' || comparesRuns(node);
}

function titleFor(input: ReportInput): string {
  const rows = workRows(input.plan, input.run);
  const parts = [
    headlineFor(input).text,
    `${countDone(rows)}/${rows.length} steps`,
    formatUsage(input.run.counters.usage, 'sentence'),
  ];
  return plainLine(parts.filter((part) => part !== '').join(' · '), 255);
}

const MAX_BYTES = 60_000;

function summaryFor(input: ReportInput): string {
  const { icon, text } = headlineFor(input);
  const exits = exitsFor(input).map(({ line, effect }) => `| ${code(line)} | ${effect} |`);
  const parts = [
    `${icon} **${plainLine(text, 200).replaceAll('*', '')}**`,
    nowSentence(input),
    renderStepTable(input),
    `**How to continue** on #${input.context.subject.number}:`,
    ['| Write | Effect |', '|---|---|', ...exits].join('\n'),
    footer(input),
  ];
  const whole = parts.join('\n\n');
  if (byteLength(whole) <= MAX_BYTES) return whole;
  return [...parts.slice(0, 2), ...parts.slice(3)].join('\n\n');
}

function nowSentence(input: ReportInput): string {
  const text = nowText(input);
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** What the latest steps wrote, as far as there is room. */
function textFor({ plan, run, outputs }: ReportInput): string | null {
  const written = workRows(plan, run).filter(({ key }) => (outputs[key]?.text ?? '') !== '');
  const sections: string[] = [];
  let left = MAX_BYTES;
  for (const { key } of written.toReversed()) {
    const body = keepEnds(outputs[key]?.text ?? '', 20_000, 10_000);
    const section = `<details><summary>${plainLine(key, 80).replace(/[<>&]/g, '')}</summary>\n\n${body}\n\n</details>`;
    const size = byteLength(section) + 2;
    if (size > left) break;
    left -= size;
    sections.unshift(section);
  }
  return sections.length === 0 ? null : sections.join('\n\n');
}

function limited(text: string, max: number): string {
  return text.length <= max ? text : cutBytes(text, max);
}

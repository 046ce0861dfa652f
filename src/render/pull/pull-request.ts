import { openItemsOf } from '../../engine/read/open-items.ts';
import { AUTO_CLOSED } from '../../engine/state/escalation-policy.ts';
import { gatesOfKind } from '../../engine/state/gates.ts';
import { footer } from '../comment/comment-frame.ts';
import { debtLines, debtTitle } from '../comment/debts.ts';
import { DECIDED } from '../comment/decided.ts';
import { artefactOf } from '../comment/gates.ts';
import { hasWarnings } from '../comment/icons.ts';
import { openItemLine } from '../comment/open-item-lines.ts';
import type { ReportInput } from '../comment/report-input.ts';
import { workRows } from '../comment/step-rows.ts';
import { formatUsage } from '../comment/usage.ts';
import { cleanLine, code, plainLine } from '../text/clean-text.ts';
import { byteLength, shorten } from '../text/cut-text.ts';
import { formatTime, joinWords, shortDigest, shortSha } from '../text/format.ts';
import { inertTitle } from '../text/inert.ts';
import { withMarker } from '../text/marker.ts';

export interface PullRequestView {
  readonly title: string;
  readonly body: string;
  /** Until the run has succeeded, nobody is asked to review. */
  readonly draft: boolean;
  /** Nobody answered the run's call for help, and its workflow says that this is the end of it. */
  readonly closed: boolean;
}

export function renderPullRequest(input: ReportInput): PullRequestView {
  const { run, settings } = input;
  const marker = { instance: settings.instance, kind: 'pull-request', run: run.id } as const;
  const bodies = LINE_LIMITS.map((limit) => bodyFor(input, limit));
  const body = bodies.find((text) => byteLength(text) <= MAX_BYTES) ?? bodies.at(-1) ?? '';
  return {
    title: titleFor(input),
    body: withMarker(marker, body),
    draft: run.status !== 'succeeded',
    closed: run.reason?.code === AUTO_CLOSED,
  };
}

const MAX_BYTES = 55_000;
/** Numbers of lines per section to try; the first that fits is used. */
const LINE_LIMITS = [40, 15, 5];

function bodyFor(input: ReportInput, limit: number): string {
  const { run, context } = input;
  const parts = [
    `## ${cleanLine(context.subject.title, 200)}\n${originLine(input)}`,
    ...section('What changed', changes(input), limit),
    ...section('Decisions', decisions(input), limit),
    ...section('Open', openItems(input), limit),
    ...section(debtTitle(input), debtLines(input), limit),
    ...section('Notes', notes(input), limit),
    `<sub>Made by agents. Commits carry ${code(`Sluice-Run: ${run.id}`)} and the step they come from.</sub>\n${footer(input)}`,
  ];
  return parts.join('\n\n');
}

/** Also becomes the subject of a squashed commit. */
function titleFor({ context }: ReportInput): string {
  const said = plainLine(context.subject.title, MAX_TITLE);
  return shorten(inertTitle(said), MAX_TITLE) || context.workflow;
}

/** GitHub allows 256 characters and refuses more. */
const MAX_TITLE = 240;

function originLine({ context, run, links, plan }: ReportInput): string {
  const { subject, trigger } = context;
  const page = links.runPage ?? links.runComment;
  const { commit } = plan.source;
  const parts = [
    ...(subject.type === 'issue' ? [`Closes #${subject.number}`] : [`For #${subject.number}`]),
    `run ${page === null ? code(run.id) : `[${code(run.id)}](${page})`}`,
    `workflow ${code(context.workflow)}${commit === null ? '' : `@\`${shortSha(commit)}\``}`,
    `requested by ${cleanLine(trigger.login, 40)}`,
  ];
  return parts.join(' · ');
}

function section(title: string, lines: readonly string[], limit: number): readonly string[] {
  if (lines.length === 0) return [];
  const list = lines.slice(0, limit).map((line) => `- ${line}`);
  const more = lines.length > limit ? [`- …and ${lines.length - limit} more`] : [];
  return [`**${title}**\n\n${[...list, ...more].join('\n')}`];
}

/** One line per step that made a commit. */
function changes({ plan, run, context }: ReportInput): readonly string[] {
  return workRows(plan, run).flatMap(({ key, state }) => {
    if (state.commit === null || state.status !== 'completed') return [];
    const url = `${context.repository.htmlUrl}/commit/${state.commit}`;
    const headline = cleanLine(state.result?.headline ?? '', 120) || 'done';
    return [`${code(key)}: ${headline} ([${code(shortSha(state.commit))}](${url}))`];
  });
}

function decisions({ run, links }: ReportInput): readonly string[] {
  return run.gates.flatMap((gate) => {
    const { decision, subject, id } = gate;
    if (decision === null) return [];
    const verdict = DECIDED[decision.verdict];
    const url = links.gates[id];
    const bound = [
      ...(subject.digest === null ? [] : [code(shortDigest(subject.digest))]),
      ...(subject.headSha === null ? [] : [code(shortSha(subject.headSha))]),
    ];
    const on = bound.length === 0 ? '' : ` (${joinWords(bound)})`;
    return [
      `${code(artefactOf(gate))} ${verdict} by ${cleanLine(decision.by, 40)}${on}, ${formatTime(decision.at)}, ${url === undefined ? id : `[${id}](${url})`}`,
    ];
  });
}

function openItems({ plan, run }: ReportInput): readonly string[] {
  const items = openItemsOf(plan, run).map(openItemLine);
  const faults = workRows(plan, run).flatMap(({ key, state }) => [
    ...(hasWarnings(state)
      ? (state.result?.warnings ?? []).map((item) => `${cleanLine(item, 300)} (${code(key)})`)
      : []),
    ...(state.status === 'failed'
      ? [`${code(key)} failed: ${cleanLine(state.reason?.message ?? '', 200)}`]
      : []),
  ]);
  return [...items, ...accepted(run), ...faults];
}

/** Nobody settled them, but somebody said that they may stay. */
function accepted(run: ReportInput['run']): readonly string[] {
  return gatesOfKind(run, 'open-items').flatMap(({ decision, openItems: items = [] }) =>
    decision?.verdict === 'approve'
      ? items.map((item) => `${openItemLine(item)}, accepted by ${cleanLine(decision.by, 40)}`)
      : [],
  );
}

function notes({ plan, run }: ReportInput): readonly string[] {
  const said = workRows(plan, run).flatMap(({ key, state }) =>
    (state.result?.notes ?? []).map((note) => `${cleanLine(note, 300)} (${code(key)})`),
  );
  const usage = formatUsage(run.counters.usage, 'sentence');
  return [...said, ...(usage === '' ? [] : [`Cost: ${usage}`])];
}

import { cleanLine, code } from '../text/clean-text.ts';
import { formatDuration, millisecondsBetween, plural, shortDigest } from '../text/format.ts';
import { withMarker } from '../text/marker.ts';
import { titleLine } from './comment-frame.ts';
import { debtSection, followUpLink } from './debts.ts';
import { DECIDED } from './decided.ts';
import { artefactOf } from './gates.ts';
import { exitWords, nowText } from './now-text.ts';
import type { ReportInput } from './report-input.ts';
import { resultSections } from './result-sections.ts';
import { countDone, workRows } from './step-rows.ts';
import { formatUsage } from './usage.ts';

/** The comment that tells people a run has ended. Null if the run comment says enough. */
export function renderEndComment(input: ReportInput): string | null {
  if (!isWorthTelling(input)) return null;
  const { run, settings } = input;
  const { instance } = settings;
  const marker = { instance, kind: 'end', run: run.id, key: run.settledAt ?? '' } as const;
  const lines = [
    `### ${titleLine(input)}`,
    factsLine(input),
    ...(run.status === 'succeeded' ? [] : [upperFirst(nowText(input))]),
    ...decisionsLine(input),
    ...(run.status === 'succeeded' ? [] : [`**You can:** ${exitWords(input)}.`]),
  ];
  return withMarker(
    marker,
    [lines.join('\n'), ...resultSections(input), ...debtSection(input)].join('\n\n'),
  );
}

const LONG_MS = 30 * 60_000;

/** A failure, always; a success if its result is nowhere else, if people took part and it took long, or if asked for. */
function isWorthTelling(input: ReportInput): boolean {
  const { run, settings } = input;
  switch (run.status) {
    case 'failed':
    case 'escalated':
    case 'expired':
      return true;
    case 'succeeded': {
      const isLong = (millisecondsBetween(run.startedAt, run.settledAt) ?? 0) > LONG_MS;
      const isLongOrGated = (isLong && run.gates.length > 0) || resultSections(input).length > 0;
      return (
        settings.endComment === 'always' ||
        (settings.endComment === 'long-or-gated' && isLongOrGated)
      );
    }
    case 'queued':
    case 'running':
    case 'waiting':
    case 'cancelled':
      return false;
  }
}

function factsLine({ plan, run, links }: ReportInput): string {
  const rows = workRows(plan, run);
  const total = millisecondsBetween(run.startedAt, run.settledAt);
  const { workMs } = run.counters;
  const time = workMs > 0 ? `${formatDuration(workMs)} of work` : '';
  const waited =
    total !== null && workMs > 0 && total - workMs > 60_000
      ? ` (${formatDuration(total - workMs)} waiting for people)`
      : '';
  const parts = [
    `${countDone(rows)} of ${plural(rows.length, 'step')}`,
    time + waited,
    formatUsage(run.counters.usage, 'sentence'),
    links.pullRequest === null ? '' : `[PR #${links.pullRequest.number}](${links.pullRequest.url})`,
    ...followUpLink(links),
    links.runComment === null ? `run ${code(run.id)}` : `[run ${run.id}](${links.runComment})`,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function decisionsLine({ run }: ReportInput): readonly string[] {
  const decided = run.gates.flatMap((gate) => {
    const { decision, subject } = gate;
    if (decision === null) return [];
    const digest = subject.digest === null ? '' : ` (${code(shortDigest(subject.digest))})`;
    return [
      `${cleanLine(artefactOf(gate), 60)} ${DECIDED[decision.verdict]} by ${cleanLine(decision.by, 40)}${digest}`,
    ];
  });
  return decided.length === 0 ? [] : [`Decisions: ${decided.join(', ')}.`];
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

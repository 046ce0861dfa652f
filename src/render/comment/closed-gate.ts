import type { Gate, Verdict } from '../../engine/state/run.ts';
import { quoteBlock } from '../text/clean-block.ts';
import { cleanLine, code } from '../text/clean-text.ts';
import { formatSize, formatTime, plural, shortDigest, shortSha } from '../text/format.ts';
import { fold } from './comment-frame.ts';
import { openItemsText, standsOn } from './gate-facts.ts';
import { artefactOf } from './gates.ts';
import { ICONS } from './icons.ts';
import type { ReportInput } from './report-input.ts';

const VERDICT_LINES: Readonly<Record<Verdict, string>> = {
  approve: `${ICONS.done} Approved`,
  deny: `${ICONS.failed} Denied`,
  revise: `${ICONS.running} Sent back`,
  edit: `${ICONS.done} Edited`,
  retry: `${ICONS.running} Tried again`,
  guide: `${ICONS.running} Guided`,
  override: `${ICONS.warning} Overridden`,
  answer: `${ICONS.done} Answered`,
};

/** How the decision was made, or why there is none, and what it was about. */
export function closedGate(input: ReportInput, gate: Gate): string {
  const facts = [...subjectFacts(input, gate)];
  const { decision } = gate;
  if (decision !== null) {
    const only =
      decision.alone === true ? ', who started this run and is the only one who can' : '';
    const line = `${VERDICT_LINES[decision.verdict]} by ${cleanLine(decision.by, 40)}${only}`;
    const words = decision.text === null ? [] : [quoteBlock(decision.text, 4000)];
    return [
      [line, formatTime(decision.at), ...facts].join(' · '),
      ...words,
      ...record(input, gate),
    ].join('\n\n');
  }
  const what = gate.status === 'expired' ? expiredText(gate) : voidText(input, gate);
  return [[what, ...facts].join(' · '), ...record(input, gate)].join('\n\n');
}

function subjectFacts(input: ReportInput, gate: Gate): readonly string[] {
  const { digest, headSha } = gate.subject;
  return [
    gate.id,
    `${code(artefactOf(gate))}${digest === null ? '' : ` ${code(shortDigest(digest))}`}`,
    ...(headSha === null ? [] : [commitOf(input, gate, headSha)]),
  ];
}

function expiredText({ expiresAt }: Gate): string {
  const when = expiresAt === null ? '' : ` on ${formatTime(expiresAt)}`;
  return `${ICONS.expired} Expired${when}: nobody decided, and nothing was approved`;
}

function voidText({ run, links }: ReportInput, gate: Gate): string {
  const reason = gate.voidReason ?? 'run-ended';
  const why = VOID_REASONS[reason] ?? cleanLine(reason, 200);
  const next = run.gates.find(
    ({ node, status, id }) => node === gate.node && status === 'open' && id !== gate.id,
  );
  if (next === undefined) return `◻️ Void: ${why}`;
  const url = links.gates[next.id];
  return `◻️ Void: ${why}. New gate: ${url === undefined ? next.id : `[${next.id}](${url})`}`;
}

const VOID_REASONS: Readonly<Record<string, string>> = {
  'head-moved': 'the branch has moved on since this gate opened',
  superseded: 'an earlier step runs again',
  cancelled: 'the run was cancelled',
  denied: 'the run was denied at another gate',
  halted: 'another step called a halt',
  drained: 'another step failed',
  expired: 'the run expired',
  enough: 'it is not needed any more',
  'run-ended': 'the run has ended',
  resumed: 'the run was resumed',
};

function commitOf({ context }: ReportInput, { subject }: Gate, headSha: string): string {
  const sha = shortSha(headSha);
  return subject.headOf === 'subject'
    ? `#${context.subject.number} @ ${code(sha)}`
    : code(`${context.branch}@${sha}`);
}

/** What was decided on, folded: the comment must still be able to prove it. */
function record(input: ReportInput, gate: Gate): readonly string[] {
  const { digest, headSha, size } = gate.subject;
  const votes = gate.votes.map(({ by, at }) => `${cleanLine(by, 40)} (${formatTime(at)})`);
  const lines = [
    ...(gate.prompt === null ? [] : [`- Asked: ${cleanLine(gate.prompt, 500)}`]),
    ...(gate.item === null ? [] : [`- About: ${cleanLine(gate.item, 500)}`]),
    ...openItemsText(gate),
    ...(digest === null ? [] : [`- Artefact: ${code(digest)}, ${formatSize(size)}`]),
    ...(headSha === null ? [] : [`- Code: ${standsOn(input, gate)} at ${code(headSha)}`]),
    `- Opened: ${formatTime(gate.openedAt)}. ${cleanLine(gate.trigger, 300)}`,
    ...(votes.length > 1 ? [`- ${plural(votes.length, 'approval')}: ${votes.join(', ')}`] : []),
  ];
  return [fold('What was decided on', lines.join('\n'))];
}

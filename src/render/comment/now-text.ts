import { AUTO_CLOSED, fallbackOf, HANDED_OVER } from '../../engine/state/escalation-policy.ts';
import { openGates } from '../../engine/state/open-gates.ts';
import type { Gate, Run } from '../../engine/state/run.ts';
import { cleanLine, code } from '../text/clean-text.ts';
import { formatTime, joinWords, plural } from '../text/format.ts';
import { exitsFor } from './exits.ts';
import { artefactOf, decidingRole, namedDeciders } from './gates.ts';
import type { ReportInput } from './report-input.ts';
import { failedRow, workRows } from './step-rows.ts';
import { stopWords } from './stop-words.ts';

/** What is happening, or who is being waited for, and what can be done about it. */
export function nowLine(input: ReportInput): string {
  return `**Now:** ${nowText(input)} **You can:** ${exitWords(input)}.`;
}

/** The ways on, as in "`/resume` or `/cancel`". */
export function exitWords(input: ReportInput): string {
  // What takes more than a line is explained where there is room for it: in the gate's comment.
  const lines = exitsFor(input).filter(({ line }) => !line.includes('<'));
  return joinWords(
    lines.map(({ line }) => code(line)),
    'or',
  );
}

export function nowText(input: ReportInput): string {
  const { run } = input;
  const gates = openGates(run);
  switch (run.status) {
    case 'queued':
      return 'waits for a worker to take it.';
    case 'running':
    case 'waiting':
      if (run.held) return 'on hold; no new step starts.';
      return [runningText(input), ...gates.map((gate) => gateText(input, gate.id))]
        .filter((text) => text !== '')
        .join(' ');
    case 'succeeded':
      return input.links.pullRequest === null
        ? 'finished.'
        : 'finished; the pull request is yours to review.';
    case 'failed':
    case 'escalated':
      return `stopped. ${whyStopped(input)}`;
    case 'cancelled':
      return 'stopped. Its branch stays as it is.';
    case 'expired':
      return endedText(input);
  }
}

/** Nobody decided, or nobody answered a call for help, and what that led to. */
function endedText({ plan, run, links }: ReportInput): string {
  const unanswered = 'ended, because nobody answered its call for help in time.';
  if (run.reason?.code === HANDED_OVER) {
    return `${unanswered} ${code(fallbackOf(plan) ?? '')} takes over.`;
  }
  if (run.reason?.code !== AUTO_CLOSED) return 'ended, because nobody decided in time.';
  if (links.pullRequest === null) return unanswered;
  return `${unanswered} Its pull request was closed; the branch stays.`;
}

function runningText({ plan, run, quiet }: ReportInput): string {
  const names = workRows(plan, run)
    .filter(({ state }) => state.status === 'running')
    .map(({ key }) => code(key));
  return [whatRuns(names, run), ...silence(quiet)].filter((part) => part !== '').join(' ');
}

/** The longest silence first. */
function silence(quiet: ReportInput['quiet']): readonly string[] {
  const all = Object.entries(quiet).toSorted(([, one], [, other]) => (one < other ? -1 : 1));
  const named = all
    .slice(0, 3)
    .map(([key, at]) => `${code(key)} has given no sign of life since ${formatTime(at)}.`);
  const left = all.length - named.length;
  return left > 0 ? [...named, `${plural(left, 'other step')} neither.`] : named;
}

function whatRuns(names: readonly string[], run: Run): string {
  const [first, ...others] = names;
  if (first === undefined) return openGates(run).length > 0 ? '' : 'the next step starts.';
  if (others.length === 0) return `${first} is running.`;
  const shown = names.length <= 5 ? names : [...names.slice(0, 4), `${names.length - 4} more`];
  return `${joinWords(shown)} are running.`;
}

function gateText(input: ReportInput, id: string): string {
  const gate = input.run.gates.find((candidate) => candidate.id === id);
  if (gate === undefined) return '';
  const url = input.links.gates[id];
  const name = url === undefined ? `gate ${id}` : `[gate ${id}](${url})`;
  const until = gate.expiresAt === null ? '' : ` until ${formatTime(gate.expiresAt)}`;
  return `${name} on ${code(artefactOf(gate))} waits for ${whoIsMissing(input, gate)}${until}.`;
}

/** Without `@`: an edit that adds a mention would notify people again. */
function whoIsMissing({ context }: ReportInput, gate: Gate): string {
  const missing = Math.max(1, gate.approvers.count - gate.votes.length);
  const named = namedDeciders(gate, context.repository.owner, '');
  if (named !== '') return `${missing} of ${named}`;
  const access = `with ${decidingRole(gate)} access`;
  return missing === 1 ? `somebody ${access}` : `${missing} people ${access}`;
}

function whyStopped(input: ReportInput): string {
  const row = failedRow(input.plan, input.run);
  const why =
    row === undefined
      ? cleanLine(input.run.reason?.message ?? '', 300)
      : stopWords(input.run, row.key, row.state, 300);
  const sentence = why === '' || /[.!?…]$/.test(why) ? why : `${why}.`;
  return [
    row === undefined ? '' : `${code(row.key)}:`,
    sentence,
    'Finished steps keep their results.',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

import { fallbackOf, handlerOf } from '../engine/escalation-policy.ts';
import { openGates } from '../engine/open-gates.ts';
import type { Gate, Verdict } from '../engine/run.ts';
import { changedRequirements } from './changed-requirements.ts';
import { cleanBlock, fencedBlock, quoteBlock } from './clean-block.ts';
import { cleanLine, code } from './clean-text.ts';
import { fold } from './comment-frame.ts';
import { calledPeople, escalationPackage } from './escalation-package.ts';
import { gateExits, redesignExits } from './exits.ts';
import { formatSize, formatTime, joinWords, plural, shortDigest, shortSha } from './format.ts';
import { artefactOf, decidingRole, namedDeciders } from './gates.ts';
import { ICONS } from './icons.ts';
import { withMarker } from './marker.ts';
import { nextSteps } from './next-steps.ts';
import { openItemLines } from './open-item-lines.ts';
import type { ReportInput } from './report-input.ts';
import { formatUsage } from './usage.ts';

/** The comment that asks for one decision, and later says how it was taken. */
export function renderGateComment(input: ReportInput, gate: Gate): string {
  const { run, settings } = input;
  const marker = { instance: settings.instance, kind: 'gate', run: run.id, gate: gate.id } as const;
  const body = gate.status === 'open' ? openForm(input, gate) : closedForm(input, gate);
  return withMarker(marker, body);
}

function openForm(input: ReportInput, gate: Gate): string {
  const round = gate.round > 1 ? ` (round ${gate.round})` : '';
  const parts = [
    `### ${ICONS.waiting} Decision needed: ${cleanLine(artefactOf(gate), 80)}${round} · run ${code(input.run.id)}`,
    whoDecides(input, gate) + called(input, gate),
    ...(gate.prompt === null ? [] : [promptText(gate.prompt)]),
    ...changedRequirements(input, gate),
    ...itemText(gate),
    ...(gate.verdicts.includes('approve') ? [`**If you approve:** ${nextSteps(input, gate)}`] : []),
    subjectTable(input, gate),
    ...openItemsText(gate),
    ...questions(gate),
    ...(callsForHelp(gate) ? escalationPackage(input, gate) : preview(input, gate)),
    repliesTable(input, gate),
    `<sub>${hints(input)}</sub>`,
  ];
  return parts.join('\n\n');
}

/** A step has failed for good: people need the whole story, and not one artefact alone. */
function callsForHelp({ kind }: Gate): boolean {
  return kind === 'escalation' || kind === 'checkpoint';
}

function called(input: ReportInput, gate: Gate): string {
  const people = gate.kind === 'escalation' ? calledPeople(input) : [];
  return people.length === 0 ? '' : ` Called: ${people.join(' ')}.`;
}

function whoDecides(input: ReportInput, gate: Gate): string {
  const { context, run, settings } = input;
  if (gate.kind === 'question') return whoAnswers(input, gate);
  const mention = settings.mention === 'approvers' ? '@' : '';
  const named = namedDeciders(gate, context.repository.owner, mention);
  const { count } = gate.approvers;
  const access = `with ${decidingRole(gate)} access`;
  const several = count === 1 ? '' : `; it takes ${count}`;
  const who =
    named === ''
      ? `Anybody ${access} can decide${several}`
      : `${named}: ${count} of you can decide`;
  return `${who}${exceptStarter(gate, run.starter)}.${votesSoFar(gate)}`;
}

function whoAnswers({ context, run }: ReportInput, gate: Gate): string {
  const { author } = context.subject;
  const starter = `${cleanLine(run.starter, 40)} who started this run`;
  const writer =
    gate.answersFrom === 'author' && author !== run.starter
      ? `, ${cleanLine(author, 40)} who wrote this`
      : '';
  const { teams, users } = gate.approvers;
  const named = gate.answersFrom === 'starter' ? [] : [...teams, ...users];
  const approvers = named.map((name) => `, ${cleanLine(name, 60)}`).join('');
  return `${starter}${writer}${approvers}, and anybody with write access can answer.`;
}

function votesSoFar({ votes, approvers }: Gate): string {
  if (votes.length === 0) return '';
  const names = votes.map(({ by }) => cleanLine(by, 40));
  return ` Approved so far by ${joinWords(names)} (${votes.length} of ${approvers.count}).`;
}

function exceptStarter({ selfApprove }: Gate, starter: string): string {
  if (selfApprove === 'allow') return '';
  const unless = selfApprove === 'if_alone' ? ', unless nobody else can' : '';
  return `, except ${cleanLine(starter, 40)} who started this run${unless}`;
}

/** In a foreach the same question comes up again and again, each time about something else. */
function itemText({ item }: Gate): readonly string[] {
  if (item === undefined) return [];
  return [/^[[{]/.test(item) ? fencedBlock(item, 'json', 2500) : quoteBlock(item, 2500)];
}

/** One sentence stands out; more than one line keeps its own form. */
function promptText(prompt: string): string {
  const text = prompt.trim();
  return text.includes('\n') || text.includes('*')
    ? cleanBlock(text, 4000)
    : `**${cleanLine(text, 1000)}**`;
}

function subjectTable(input: ReportInput, gate: Gate): string {
  const { context, run } = input;
  const { digest, size, headSha } = gate.subject;
  const web = context.repository.htmlUrl;
  const cost = formatUsage(run.counters.usage, 'sentence');
  const rows: [string, string][] = [
    ...(digest === null || size === 0
      ? []
      : [
          [
            'Artefact',
            `${code(artefactOf(gate))} · ${code(shortDigest(digest))} · ${formatSize(size)}`,
          ] as [string, string],
        ]),
    ...(headSha === null
      ? []
      : [
          [
            'Code',
            `${standsOn(input, gate)} @ [${code(shortSha(headSha))}](${web}/commit/${headSha})${changesLink(input)}`,
          ] as [string, string],
        ]),
    ...(cost === '' ? [] : [['Cost so far', cost] as [string, string]]),
    ['Why this gate opened', cleanLine(gate.trigger, 300)],
    ...(gate.expiresAt === null
      ? []
      : [
          [
            'Valid until',
            `${formatTime(gate.expiresAt)}${gate.lastDay === true ? ', **less than a day from now**' : ''}; ${afterwards(input, gate)}`,
          ] as [string, string],
        ]),
  ];
  const lines = rows.map(([name, value]) => `| ${name} | ${value} |`);
  const title = gate.verdicts.includes('approve') ? 'What you approve' : 'What this is about';
  return [`| ${title} | |`, '|---|---|', ...lines].join('\n');
}

/** One commit is rarely all there is to look at. */
function changesLink(input: ReportInput): string {
  const page = pullRequestPage(input);
  return page === null ? '' : ` · [all changes](${page}/files)`;
}

/** Where the code can be looked at as a whole, with its checks; null: nowhere yet. */
function pullRequestPage({ links, context }: ReportInput): string | null {
  if (links.pullRequest !== null) return links.pullRequest.url;
  const { subject, repository } = context;
  return subject.type === 'pull-request' ? `${repository.htmlUrl}/pull/${subject.number}` : null;
}

/** What happens when nobody decides. */
function afterwards({ plan }: ReportInput, gate: Gate): string {
  const handler = gate.kind === 'escalation' ? handlerOf(plan) : 'human';
  switch (handler) {
    case 'human':
      return 'it then expires and never approves by itself';
    case 'auto_close':
      return 'then the run ends and its pull request is closed';
    case 'fallback_workflow':
      return `then the workflow ${code(fallbackOf(plan) ?? '')} takes over`;
  }
}

/** What the agent asks, numbered, so that an answer can name the number. */
function questions({ questions: asked = [] }: Gate): readonly string[] {
  if (asked.length === 0) return [];
  const lines = asked.slice(0, 20).map(({ question, options }, index) => {
    const choices = options.slice(0, 10).map((option) => `\n   - ${cleanLine(option, 200)}`);
    return `${index + 1}. ${cleanLine(question, 500)}${choices.join('')}`;
  });
  return [lines.join('\n')];
}

const MOST_ITEMS = 40;

/** What approving takes as it is. */
function openItemsText({ openItems = [] }: Gate): readonly string[] {
  if (openItems.length === 0) return [];
  const lines = openItemLines(openItems, MOST_ITEMS).map((line) => `- ${line}`);
  return [lines.join('\n')];
}

const PREVIEW_LENGTH = 2000;

/** Structured results stay as they are; prose is shown as what it is: a quotation. */
function preview({ outputs, run, settings }: ReportInput, gate: Gate): readonly string[] {
  const output = outputs[gate.subject.node];
  if (output === undefined || output.text.trim() === '') return [];
  const text = output.text.trim();
  const beginning = text.slice(0, PREVIEW_LENGTH);
  const isJson = /^[[{]/.test(text);
  const shown = isJson ? fencedBlock(beginning, 'json', 8000) : quoteBlock(beginning, 8000);
  const isWhole = text.length <= PREVIEW_LENGTH;
  const name = cleanLine(output.name ?? artefactOf(gate), 80);
  const summary = isWhole ? name : `${name}, first 2,000 characters`;
  const rest = `All of it: ${code(`/${settings.prefix} output ${run.id} ${gate.subject.node}`)}`;
  return [fold(summary, isWhole ? shown : `${shown}\n\n${rest}`, 'open')];
}

function repliesTable(input: ReportInput, gate: Gate): string {
  const exits = [...gateExits(gate, input), ...redesignExits(input)];
  const lines = exits.map(({ line, effect }) => `| ${code(line)} | ${effect} |`);
  return ['| Reply | Effect |', '|---|---|', ...lines].join('\n');
}

function hints(input: ReportInput): string {
  const { run, context, settings } = input;
  const several = openGates(run).length > 1 ? 'More than one gate is open, so name it. ' : '';
  const hasCheck = run.headSha !== null || context.subject.type === 'pull-request';
  const page = pullRequestPage(input);
  const where = page === null ? 'the check run' : `[the check run](${page}/checks)`;
  const buttons = hasCheck ? `Or use the buttons of ${where}. ` : '';
  return `${several}${buttons}More: \`/${settings.prefix} help gate\`.`;
}

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

function closedForm(input: ReportInput, gate: Gate): string {
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

/** The branch of the run, or the pull request it looks at and has added nothing to. */
function standsOn({ context }: ReportInput, { subject }: Gate): string {
  return subject.headOf === 'subject' ? `#${context.subject.number}` : code(context.branch);
}

/** What was decided on, folded away: the comment must still be able to prove it. */
function record(input: ReportInput, gate: Gate): readonly string[] {
  const { digest, headSha, size } = gate.subject;
  const votes = gate.votes.map(({ by, at }) => `${cleanLine(by, 40)} (${formatTime(at)})`);
  const lines = [
    ...(gate.prompt === null ? [] : [`- Asked: ${cleanLine(gate.prompt, 500)}`]),
    ...(gate.item === undefined ? [] : [`- About: ${cleanLine(gate.item, 500)}`]),
    ...openItemsText(gate),
    ...(digest === null ? [] : [`- Artefact: ${code(digest)}, ${formatSize(size)}`]),
    ...(headSha === null ? [] : [`- Code: ${standsOn(input, gate)} at ${code(headSha)}`]),
    `- Opened: ${formatTime(gate.openedAt)}. ${cleanLine(gate.trigger, 300)}`,
    ...(votes.length > 1 ? [`- ${plural(votes.length, 'approval')}: ${votes.join(', ')}`] : []),
  ];
  return [fold('What was decided on', lines.join('\n'))];
}

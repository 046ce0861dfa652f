import { fallbackOf, handlerOf } from '../../engine/state/escalation-policy.ts';
import { GATES } from '../../engine/state/gates.ts';
import { openGates } from '../../engine/state/open-gates.ts';
import type { Gate } from '../../engine/state/run.ts';
import { cleanBlock, fencedBlock, quoteBlock } from '../text/clean-block.ts';
import { cleanLine, code } from '../text/clean-text.ts';
import { formatSize, formatTime, shortDigest, shortSha } from '../text/format.ts';
import { withMarker } from '../text/marker.ts';
import { changedRequirements } from './changed-requirements.ts';
import { closedGate } from './closed-gate.ts';
import { fold } from './comment-frame.ts';
import { calledPeople, escalationPackage } from './escalation-package.ts';
import { gateExits, redesignExits } from './exits.ts';
import { openItemsText, standsOn } from './gate-facts.ts';
import { artefactOf } from './gates.ts';
import { ICONS } from './icons.ts';
import { nextSteps } from './next-steps.ts';
import type { ReportInput } from './report-input.ts';
import { formatUsage } from './usage.ts';
import { whoDecides } from './who-decides.ts';

/** The comment that asks for one decision, and later says how it was made. */
export function renderGateComment(input: ReportInput, gate: Gate): string {
  const { run, settings } = input;
  const marker = { instance: settings.instance, kind: 'gate', run: run.id, gate: gate.id } as const;
  const body = gate.status === 'open' ? openForm(input, gate) : closedGate(input, gate);
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
    ...(GATES[gate.kind].tellsStory ? escalationPackage(input, gate) : preview(input, gate)),
    repliesTable(input, gate),
    `<sub>${hints(input)}</sub>`,
  ];
  return parts.join('\n\n');
}

function called(input: ReportInput, gate: Gate): string {
  const people = GATES[gate.kind].callsForHelp ? calledPeople(input) : [];
  return people.length === 0 ? '' : ` Called: ${people.join(' ')}.`;
}

/** In a foreach the same question comes up again and again, each time about something else. */
function itemText({ item }: Gate): readonly string[] {
  if (item === null) return [];
  return [/^[[{]/.test(item) ? fencedBlock(item, 'json', 2500) : quoteBlock(item, 2500)];
}

/** A single sentence is emphasised; several lines keep their own form. */
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
            `${formatTime(gate.expiresAt)}${gate.lastDay ? ', **less than a day from now**' : ''}; ${afterwards(input, gate)}`,
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

/** Where the code can be viewed as a whole, with its checks; null if nowhere yet. */
function pullRequestPage({ links, context }: ReportInput): string | null {
  if (links.pullRequest !== null) return links.pullRequest.url;
  const { subject, repository } = context;
  return subject.type === 'pull-request' ? `${repository.htmlUrl}/pull/${subject.number}` : null;
}

/** What happens if nobody decides. */
function afterwards({ plan }: ReportInput, gate: Gate): string {
  const handler = GATES[gate.kind].callsForHelp ? handlerOf(plan) : 'human';
  switch (handler) {
    case 'human':
      return 'it then expires and never approves by itself';
    case 'auto_close':
      return 'then the run ends and its pull request is closed';
    case 'fallback_workflow':
      return `then the workflow ${code(fallbackOf(plan) ?? '')} takes over`;
  }
}

/** What the agent asks, numbered, so that an answer can refer to the number. */
function questions({ questions: asked = [] }: Gate): readonly string[] {
  if (asked.length === 0) return [];
  const lines = asked.slice(0, 20).map(({ question, options }, index) => {
    const choices = options.slice(0, 10).map((option) => `\n   - ${cleanLine(option, 200)}`);
    return `${index + 1}. ${cleanLine(question, 500)}${choices.join('')}`;
  });
  return [lines.join('\n')];
}

const PREVIEW_LENGTH = 2000;

/** Structured results stay as they are; prose is shown for what it is: a quotation. */
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

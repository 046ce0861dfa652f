import type { CommentAnswer } from '../../commands/from-comment.ts';
import { VERBS } from '../../commands/verbs.ts';
import { cleanLine, code } from '../text/clean-text.ts';

/** What is said to somebody whose command was seen but not understood. Nothing was done. */
export function renderAnswer(answer: CommentAnswer, prefix: string): string {
  return `${mistakeFor(answer, prefix)}${usageFor(answer, prefix)}`;
}

/** More than one gate is open and none was named. `command` as it must be typed: `approve`, or `sluice approve`. */
export function renderSeveralGates(gates: readonly NamedGate[], command: string): string {
  return `Nothing was decided: ${gates.length} gates are open here, so please name one.\n\n${gateLines(gates, command)}`;
}

/** What is open was asked after the comment was written, so the comment cannot be about it. */
export function renderNewerGates(gates: readonly NamedGate[], command: string): string {
  const what =
    gates.length === 1 ? 'the gate that is open is' : `the ${gates.length} gates that are open are`;
  return `Nothing was decided: ${what} newer than your comment. Please look at what is asked now, then write:\n\n${gateLines(gates, command)}`;
}

function gateLines(gates: readonly NamedGate[], command: string): string {
  const lines = gates.slice(0, 20).map(({ gate, run, artefact, name, url }) => {
    const link = url === null ? `gate ${gate}` : `[gate ${gate}](${url})`;
    const line = `/${command} ${name ?? `${run}/${gate}`}`;
    return `- ${link} on ${code(artefact)}, run ${code(run)}: ${code(line)}`;
  });
  return lines.join('\n');
}

export interface NamedGate {
  readonly gate: string;
  readonly run: string;
  readonly artefact: string;
  /** What the command calls it; absent for run and gate. */
  readonly name?: string;
  readonly url: string | null;
}

/** More than one run is live and none was named. */
export function renderSeveralRuns(
  runs: readonly { readonly run: string; readonly workflow: string }[],
  command: string,
): string {
  return `Nothing was done: ${runs.length} runs are live here, so please name one.\n\n${runLines(runs, command)}`;
}

function runLines(
  runs: readonly { readonly run: string; readonly workflow: string }[],
  command: string,
): string {
  const lines = runs
    .slice(0, 20)
    .map(({ run, workflow }) => `- ${cleanLine(workflow, 60)}: ${code(`/${command} ${run}`)}`);
  return lines.join('\n');
}

/** A run was started, resumed or ended after the comment was written, so the comment cannot be about that. */
export function renderNewerRuns(
  runs: readonly { readonly run: string; readonly workflow: string }[],
  what: 'live' | 'over',
  command: string,
): string {
  const [run, was] = runs.length === 1 ? ['run', 'was'] : ['runs', 'were'];
  const happened = what === 'live' ? `${was} started, or taken up again,` : 'ended';
  return `Nothing was done: the ${run} here ${happened} after your comment was written. If you mean it as it is now, write:\n\n${runLines(runs, command)}`;
}

/** The command names a gate, step or run that does not exist, or there is none at all. */
export function renderNothingFound(verb: string, prefix: string): string {
  return `Nothing here that ${code(verb)} could be about. (\`/${prefix} status\` shows what is open, \`/${prefix} list\` what can be started.)`;
}

/** One run per workflow and item at a time. */
export function renderAlreadyRunning(workflow: string, run: string, url: string | null): string {
  const name = url === null ? `run ${code(run)}` : `[run ${run}](${url})`;
  return `Not started: ${name} of ${code(workflow)} is still live here. Wait for it, or cancel it first.`;
}

export function renderUnknownWorkflow(
  workflow: string,
  suggestion: string | null,
  prefix: string,
): string {
  const meant = suggestion === null ? '' : ` Did you mean ${code(suggestion)}?`;
  return `There is no workflow called ${code(workflow)} here.${meant} \`/${prefix} list\` shows those there are.`;
}

/** The repository has nothing of its own to examine. */
export function renderNoOwnWorkflows(folder: string): string {
  return `This repository has no workflows of its own: there is nothing in ${code(`${folder}/`)} on the default branch.`;
}

export function renderShippedWorkflow(workflow: string): string {
  return `${code(workflow)} comes with the app, and this repository has no file of that name: nothing to examine.`;
}

function mistakeFor(answer: CommentAnswer, prefix: string): string {
  const word = code(answer.word ?? '');
  const meant = answer.suggestion === null ? '' : ` Did you mean ${code(answer.suggestion)}?`;
  switch (answer.reason) {
    case 'not-an-approval':
      return `Not taken as an approval: ${word} is no open gate, run, step or full commit id. Nothing was decided; a remark goes behind \`--note\`.`;
    case 'short-sha':
      return `Not taken as an approval: ${word} is too short. A commit is named with all 40 characters, so that nobody approves another one by accident.`;
    case 'missing-task':
      return `${word} needs a task. To work on this issue or pull request as it is written: \`/${prefix} run ${plain(answer.word)}\`.`;
    case 'missing-text':
      return (
        MISSING_TEXT[answer.word ?? ''] ??
        'Please say more, on the same line or in a fenced block right below it.'
      );
    case 'short-reason':
      return 'Not done: an override is kept for good, so its reason takes at least ten characters.';
    case 'missing-step':
      return 'Please name the step.';
    case 'missing-name':
      return 'Please give the new workflow a name.';
    case 'bad-name':
      return `${word} cannot be the name of a workflow: it takes up to 60 lower-case letters, digits and \`-\`, with a letter first.`;
    case 'missing-workflow':
      return `Please name a workflow; \`/${prefix} list\` shows them.`;
    case 'extra-words':
      return `Not done: ${word} was more than the command takes.`;
    case 'unknown-workflow':
      return renderUnknownWorkflow(answer.word ?? '', answer.suggestion, prefix);
    case 'unknown-verb':
      return `${word} is no command.${meant} \`/${prefix} help\` shows them all.`;
    case 'too-many':
      return `Not done: ${plain(answer.word)} commands in one comment. Up to five are carried out together.`;
    case 'contradiction':
      return 'Nothing was decided: the comment holds different decisions on the same gate.';
    case 'under-quote':
      return 'Not done: the command is part of the quotation above it. An empty line between them makes it yours.';
    case 'prose':
      return `I only act on commands: \`/${prefix} help\` lists them.`;
  }
}

const MISSING_TEXT: Readonly<Record<string, string>> = {
  revise: 'Please say what to change, on the same line or in a fenced block right below it.',
  redesign: 'Please say what is wanted now, on the same line or in a fenced block right below it.',
  edit: 'Please give the whole new text in a fenced block right below the line.',
};

function usageFor({ reason, verb }: CommentAnswer, prefix: string): string {
  const isAboutForm = reason !== 'unknown-workflow' && reason !== 'missing-workflow';
  if (verb === null || !isAboutForm) return '';
  return `\n\nUsage: \`/${prefix} ${VERBS[verb].usage}\``;
}

function plain(word: string | null): string {
  return (word ?? '').replace(/[^\w.-]/g, '');
}

/** Understood and allowed, but something about the start itself is in the way. */
export function renderNotStarted(reason: string): string {
  return `Not started: ${reason}.`;
}

/** Somebody without a role in the repository has used up their answers. */
export function renderEnough(perHour: number): string {
  return `Not answered: people without triage access get ${perHour} answers an hour here. Please try again later.`;
}

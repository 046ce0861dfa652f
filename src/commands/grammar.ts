import type { Command } from './command.ts';
import { readParams, takeOption } from './options.ts';
import {
  findWorkflowName,
  parseTarget,
  type ThreadNames,
  takeRun,
  takeTarget,
  takeWord,
} from './targets.ts';

/** What a verb was given: the rest of its line, and the fenced block below it. */
export interface VerbArguments {
  readonly text: string;
  readonly block: string | null;
}

/** A command that was meant but not understood: nothing runs, and its author is told. */
export interface Mistake {
  readonly type: 'mistake';
  readonly reason:
    | 'not-an-approval'
    | 'short-sha'
    | 'missing-task'
    | 'missing-text'
    | 'short-reason'
    | 'missing-step'
    | 'missing-name'
    | 'bad-name'
    | 'extra-words'
    | 'unknown-workflow'
    | 'missing-workflow';
  /** The word it is about. */
  readonly word: string | null;
}

export function parseRun(given: VerbArguments, known: ThreadNames): Command | Mistake {
  const { word, rest } = takeWord(given.text);
  if (word === '') return { type: 'mistake', reason: 'missing-workflow', word: null };
  const workflow = findWorkflowName(word, known);
  if (workflow === null) return { type: 'mistake', reason: 'unknown-workflow', word };
  const { params, text } = readParams(rest);
  return { type: 'start', workflow, task: joined(text, given.block), params };
}

export function parsePlan(given: VerbArguments, known: ThreadNames): Command | Mistake {
  const command = parseRun(given, known);
  return command.type === 'start' ? { ...command, type: 'plan' } : command;
}

export function parseWorkflow(given: VerbArguments, known: ThreadNames): Command | Mistake {
  const { word, rest } = takeWord(given.text);
  if (word === '' || (/^(?:list|ls)$/i.test(word) && rest === '')) return { type: 'list' };
  const command = parseRun(given, known);
  if (command.type !== 'start' || command.task !== null) return command;
  return { type: 'mistake', reason: 'missing-task', word: command.workflow };
}

/** Strict on purpose: a gate, a run and a full SHA. `/approve not before Friday` approves nothing. */
export function parseApprove(given: VerbArguments, known: ThreadNames): Command | Mistake {
  const { text, value: note } = takeOption(given.text, 'note');
  const words = text.split(/\s+/).filter((word) => word !== '');
  const short = words.find((word) => /^[0-9a-f]{12,39}$/i.test(word));
  if (short !== undefined) return { type: 'mistake', reason: 'short-sha', word: short };
  const [sha, ...moreShas] = words.filter((word) => FULL_SHA.test(word));
  const names = words.filter((word) => !FULL_SHA.test(word));
  const target = parseTarget(names, known);
  if (moreShas.length > 0 || target === undefined) {
    return { type: 'mistake', reason: 'not-an-approval', word: text };
  }
  const fullSha = sha?.toLowerCase() ?? null;
  return { type: 'decide', verdict: 'approve', target, sha: fullSha, text: null, note };
}

export function parseDeny(given: VerbArguments, known: ThreadNames): Command {
  const { target, text } = takeTarget(given.text, known);
  const reason = joined(text, given.block);
  return { type: 'decide', verdict: 'deny', target, sha: null, text: reason, note: null };
}

export function parseRevise(given: VerbArguments, known: ThreadNames): Command | Mistake {
  const { target, text } = takeTarget(given.text, known);
  const wish = joined(text, given.block);
  if (wish === null) return { type: 'mistake', reason: 'missing-text', word: 'revise' };
  return { type: 'decide', verdict: 'revise', target, sha: null, text: wish, note: null };
}

/** The artefact's whole new text, in a fenced block: a line beside the command never counts. */
export function parseEdit(given: VerbArguments, known: ThreadNames): Command | Mistake {
  const { target, text } = takeTarget(given.text, known);
  if (text.trim() !== '') return { type: 'mistake', reason: 'extra-words', word: text };
  const block = given.block?.slice(0, MAX_EDIT) ?? '';
  if (block.trim() === '') return { type: 'mistake', reason: 'missing-text', word: 'edit' };
  return { type: 'decide', verdict: 'edit', target, sha: null, text: block, note: null };
}

export function parseGuide(given: VerbArguments, known: ThreadNames): Command | Mistake {
  return decisionWithText('guide', given, known);
}

export function parseAnswer(given: VerbArguments, known: ThreadNames): Command | Mistake {
  return decisionWithText('answer', given, known);
}

/** Passing over a failed check is recorded for good, so the reason must be meaningful. */
export function parseOverride(given: VerbArguments, known: ThreadNames): Command | Mistake {
  const command = decisionWithText('override', given, known);
  if (command.type !== 'decide' || (command.text?.length ?? 0) >= MIN_REASON) return command;
  return { type: 'mistake', reason: 'short-reason', word: command.text };
}

function decisionWithText(
  verdict: 'guide' | 'answer' | 'override',
  given: VerbArguments,
  known: ThreadNames,
): Command | Mistake {
  const { target, text } = takeTarget(given.text, known);
  const said = joined(text, given.block);
  if (said === null) return { type: 'mistake', reason: 'missing-text', word: verdict };
  return { type: 'decide', verdict, target, sha: null, text: said, note: null };
}

export function parseSkip({ text }: VerbArguments): Command | Mistake {
  const { word, rest } = takeWord(text);
  if (word === '') return { type: 'mistake', reason: 'missing-step', word: null };
  if (rest !== '') return { type: 'mistake', reason: 'extra-words', word: rest };
  return { type: 'skip', step: word };
}

export function parseRedesign(given: VerbArguments): Command | Mistake {
  const { run, text } = takeRun(given.text);
  const wish = joined(text, given.block);
  if (wish === null) return { type: 'mistake', reason: 'missing-text', word: 'redesign' };
  return { type: 'redesign', run, text: wish };
}

export function parseCancel(given: VerbArguments): Command {
  const { run, text } = takeRun(given.text);
  return { type: 'cancel', run, reason: joined(text, given.block) };
}

export function parseRetry({ text }: VerbArguments): Command | Mistake {
  const { word, rest } = takeWord(text);
  if (rest !== '') return { type: 'mistake', reason: 'extra-words', word: rest };
  return { type: 'retry', step: word || null };
}

export function parseResume(given: VerbArguments): Command {
  const { run, text } = takeRun(given.text);
  return { type: 'resume', run, text: joined(text, given.block) };
}

const FULL_SHA = /^[0-9a-f]{40}$/i;

function joined(text: string, block: string | null): string | null {
  const whole = [text.trim(), block?.trim() ?? ''].filter((part) => part !== '').join('\n\n');
  return whole === '' ? null : whole.slice(0, MAX_TEXT);
}

/** The most one command may carry. Longer requests belong in the issue itself. */
const MAX_TEXT = 20_000;
/** The most an artefact may hold that later steps see in full. */
const MAX_EDIT = 50_000;
const MIN_REASON = 10;

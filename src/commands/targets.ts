import { plainName } from '../language/native/syntax/plain-name.ts';
import type { Target } from './command.ts';

/** What the parser knows about the place a comment was written in. */
export interface ThreadNames {
  /** Names of the workflows that could be started here. */
  readonly workflows: readonly string[];
  /** Steps waiting for a decision here: what an approval may name besides gates and runs. */
  readonly steps: readonly string[];
}

/** The workflow a word means: names ignore case, and `_` is `-`. */
export function findWorkflowName(word: string, known: ThreadNames): string | null {
  const wanted = plainName(word);
  return known.workflows.find((name) => plainName(name) === wanted) ?? null;
}

const GATE_ID = /^G[1-9]\d{0,3}$/i;

/** Run ids as `runs/run-id.ts` makes them. In lower case only with a digit: "remember" is a word. */
function isRunId(word: string): boolean {
  return /^R[2-9A-HJKMNP-TV-Z]{7}$/i.test(word) && (/\d/.test(word) || word === word.toUpperCase());
}

/** Undefined if the words are not a gate, a run or a waiting step, or a gate of a run. */
export function parseTarget(
  words: readonly string[],
  known: ThreadNames,
): Target | null | undefined {
  const parts = words.flatMap((word) => (isGateOfRun(word) ? word.split('/') : [word]));
  const [first, second, ...more] = parts;
  if (first === undefined) return null;
  if (more.length > 0) return undefined;
  if (second === undefined) return singleTarget(first, known) ?? undefined;
  const [gate, run] = GATE_ID.test(first) ? [first, second] : [second, first];
  if (!GATE_ID.test(gate) || !isRunId(run)) return undefined;
  return { type: 'gate', gate: gate.toUpperCase(), run: run.toUpperCase() };
}

function singleTarget(word: string, known: ThreadNames): Target | null {
  if (GATE_ID.test(word)) return { type: 'gate', gate: word.toUpperCase(), run: null };
  if (isRunId(word)) return { type: 'run', run: word.toUpperCase() };
  const step = known.steps.find((id) => plainName(id) === plainName(word));
  return step === undefined ? null : { type: 'step', step };
}

function isGateOfRun(word: string): boolean {
  const [run = '', gate = '', ...more] = word.split('/');
  return more.length === 0 && isRunId(run) && GATE_ID.test(gate);
}

/** A target at the beginning of free text, as in `/deny G2 too risky`. */
export function takeTarget(
  text: string,
  known: ThreadNames,
): { target: Target | null; text: string } {
  const { word, rest } = takeWord(text);
  const named = word.replace(/[:,]$/, '');
  const target = named === '' ? null : parseTarget([named], known);
  return target == null ? { target: null, text } : { target, text: rest };
}

export function takeRun(text: string): { run: string | null; text: string } {
  const { word, rest } = takeWord(text);
  const named = word.replace(/[:,]$/, '');
  return isRunId(named) ? { run: named.toUpperCase(), text: rest } : { run: null, text };
}

/** The first word and what follows it. */
export function takeWord(text: string): { word: string; rest: string } {
  const [, word = '', rest = ''] = /^\s*(\S*)\s*(.*)$/s.exec(text) ?? [];
  return { word, rest };
}

import type { Command } from './command.ts';
import type { Mistake, VerbArguments } from './grammar.ts';
import { takeRun, takeWord } from './targets.ts';

/** `plan`, `R7K2M9PQ plan`, `plan from 60000`. */
export function parseOutput({ text }: VerbArguments): Command | Mistake {
  const { run, text: behindRun } = takeRun(text);
  const { word: step, rest } = takeWord(behindRun);
  if (step === '') return { type: 'mistake', reason: 'missing-step', word: null };
  const from = /^(?:from\s+(\d{1,9}))?\s*$/i.exec(rest);
  if (from === null) return { type: 'mistake', reason: 'extra-words', word: rest };
  return { type: 'output', step, run, from: Math.max(1, Number(from[1] ?? 1)) };
}

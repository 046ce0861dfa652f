import type { Command } from './command.ts';
import type { Mistake, VerbArguments } from './grammar.ts';
import { findWorkflowName, type ThreadNames, takeWord } from './targets.ts';

export function parseDoctor({ text }: VerbArguments, known: ThreadNames): Command | Mistake {
  const { word, rest } = takeWord(text);
  if (word === '') return { type: 'doctor', workflow: null };
  if (rest !== '') return { type: 'mistake', reason: 'extra-words', word: rest };
  const workflow = findWorkflowName(word, known);
  if (workflow === null) return { type: 'mistake', reason: 'unknown-workflow', word };
  return { type: 'doctor', workflow };
}

import type { Command } from './command.ts';
import type { Mistake, VerbArguments } from './grammar.ts';
import { takeWord } from './targets.ts';

/** `create triage Sort new issues`, or `create triage` above a fenced block with the whole file. */
export function parseCreate({ text, block }: VerbArguments): Command | Mistake {
  const { word, rest } = takeWord(text);
  if (word === '') return { type: 'mistake', reason: 'missing-name', word: null };
  const name = word.toLowerCase().replaceAll('_', '-');
  if (!/^[a-z][a-z0-9-]{0,59}$/.test(name)) return { type: 'mistake', reason: 'bad-name', word };
  const file = block === null || block.trim() === '' ? null : block;
  const about = rest.trim().slice(0, MAX_ABOUT);
  if (file !== null && about !== '') return { type: 'mistake', reason: 'extra-words', word: about };
  return { type: 'create', name, about: about === '' ? null : about, file };
}

const MAX_ABOUT = 500;

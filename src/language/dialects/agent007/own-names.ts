import type { DataPath } from '../../problems/positions.ts';
import type { Shape } from '../shape.ts';
import type { Notes } from './notes.ts';

/** Names that agent007's prompts have besides the native ones. Never remembered reads as nothing. */
const OWN_NAMES: readonly (readonly [RegExp, string])[] = [
  [/\bargs\b/, '{% set args = task %}'],
  [/\brag_context\b/, '{% set rag_context = "" %}'],
  [/\bmemory\b/, '{% set memory = {"project": "", "user": "", "global": "", "repo_brain": ""} %}'],
];

/** Gives a prompt the names it uses; positions in its first line stay as they were. */
export function withOwnNames(step: Shape, path: DataPath, { places, source }: Notes): Shape {
  const { prompt } = step;
  if (typeof prompt !== 'string') return step;
  const tags = [...prompt.matchAll(/\{[{%].*?[%}]\}/gs)].map(([tag]) => tag).join(' ');
  const prefix = OWN_NAMES.filter(([name]) => name.test(tags))
    .map(([, set]) => set)
    .join('');
  if (prefix === '') return step;
  const at = [...path, 'prompt'];
  places.moveText(at, (line, column) =>
    source.positions.inText(at, line, line === 1 ? column - prefix.length : column),
  );
  return { ...step, prompt: prefix + prompt };
}

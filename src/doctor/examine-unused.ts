import type { WorkflowDefinition } from '../language/native/syntax/definition.ts';
import type { Diagnosis } from '../language/problems/diagnosis.ts';

/** Parameters and personas that a file declares but never uses. */
export function examineUnused({
  spec,
  path,
  positions,
  files,
  variants,
}: WorkflowDefinition): readonly Diagnosis[] {
  const texts = [...stringsIn(spec.steps), ...stringsIn(spec.loops), ...Object.values(files)];
  const agents = new Set(stringsOf(spec.steps, 'agent'));
  // A workflow with variants is chosen among by a parameter that none of them has to name.
  const declared = variants === undefined ? Object.keys(spec.params) : [];
  const params = declared.filter((name) => !isMentioned(name, texts));
  const personas = Object.keys(spec.personas).filter((name) => !agents.has(name));
  const say = (list: string, noun: string, name: string): Diagnosis => ({
    path,
    ...positions.ofKey([list, name]),
    rule: 'unused',
    severity: 'note',
    message: `no step uses the ${noun} \`${name}\`.`,
  });
  return [
    ...params.map((name) => say('params', 'parameter', name)),
    ...personas.map((name) => say('personas', 'persona', name)),
  ];
}

/** Names are letters, digits, `-` and `_`. A template that reads all parameters uses each. */
function isMentioned(name: string, texts: readonly string[]): boolean {
  const own = new RegExp(`(?<![\\w-])${name}(?![\\w-])`);
  return texts.some((text) => own.test(text) || /\bparams\b(?![.[])/.test(text));
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function stringsOf(value: unknown, key: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    name === key && typeof inner === 'string' ? [inner] : stringsOf(inner, key),
  );
}

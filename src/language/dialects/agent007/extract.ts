import { CALLABLES } from '../../../plan/callables.ts';
import { nearest } from '../../problems/nearest.ts';
import type { DataPath } from '../../problems/positions.ts';
import { isShape, type Shape } from '../shape.ts';
import type { Notes } from './notes.ts';
import { UNKNOWN } from './unknown-work.ts';

const KEYS = ['tool', 'input', 'compact'];

/** A tool called without a model: a registered function here. */
export function nativeExtract(step: Shape, path: DataPath, notes: Notes): Shape {
  const { extract, agent: _agent, prompt: _prompt, ...rest } = step;
  const at = [...path, 'extract'];
  if (!isShape(extract)) {
    notes.problem(at, 'wrong-type', '`extract` must be a map of keys and values.');
    return { ...rest, ...UNKNOWN };
  }
  for (const key of Object.keys(extract).filter((name) => !KEYS.includes(name))) {
    const message = `\`extract\` has no key \`${key}\`.`;
    notes.problem([...at, key], 'unknown-key', message, nearest(key, KEYS));
  }
  const { tool, input } = extract;
  if (tool === undefined) {
    notes.problem(at, 'missing-key', '`extract` needs the key `tool`.');
    return { ...rest, ...UNKNOWN };
  }
  const name = argumentOf(tool);
  const { places } = notes;
  places.move([...path, 'auto_run'], at).move([...path, 'auto_run', 'callable'], [...at, 'tool']);
  for (const key of ['kwargs', 'input_map']) {
    places.move([...path, 'auto_run', key], [...at, 'input']);
    places.move([...path, 'auto_run', key, name], [...at, 'input']);
  }
  return { ...rest, auto_run: { callable: tool, ...argumentsFor(name, input) } };
}

/** The argument that a single input is for: the one the function needs, else its first. */
function argumentOf(tool: unknown): string {
  const known = typeof tool === 'string' && Object.hasOwn(CALLABLES, tool) ? CALLABLES[tool] : null;
  const args = Object.entries(known?.args ?? {});
  const [name = 'input'] = args.find(([, { required }]) => required) ?? args[0] ?? [];
  return name;
}

/** A lone `{{name}}` passes that result; a map names its arguments itself. */
function argumentsFor(argument: string, input: unknown): Shape {
  if (input === undefined) return {};
  const name = typeof input === 'string' ? /^\{\{\s*([\w.-]+)\s*\}\}$/.exec(input)?.[1] : undefined;
  if (name !== undefined) return { input_map: { [argument]: name } };
  return { kwargs: isShape(input) ? input : { [argument]: input } };
}

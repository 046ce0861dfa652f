import { describe, expect, it } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { PersonaFront } from '#src/language/native/schema/persona-file.ts';
import { Workflow } from '#src/language/native/schema/workflow.ts';
import { personas } from '#test/support/language/builders.ts';
import { parseText } from '#test/support/language/parse-text.ts';
import { type SchemaKey, schemaKeys } from '../../../scripts/reference/schema-keys.ts';

type Data = Record<string, unknown>;

const WORK_KEYS = ['run', 'auto_run', 'commit', 'gate', 'call', 'group', 'foreach', 'noop'];
const FILES: Data = { 'prompts/research.md': 'x', 'prompts/dba.md': 'x' };
const EARLIER = ['first', 'plan', 'build', 'test', 'implement'];
const LATER = ['last', 'publish', 'design', 'verify'];

function aStep(id: string, depends_on: readonly string[]): Data {
  return { id, agent: 'Researcher', prompt: 'x', depends_on };
}

/** A whole file around an example of a top-level key, with the steps the examples speak of. */
function fileWith(example: Data, work: Data = aStep('work', EARLIER)): Data {
  const earlier = EARLIER.map((id, index) =>
    aStep(id, EARLIER.slice(Math.max(0, index - 1), index)),
  );
  const later = LATER.map((id) => aStep(id, [String(work['id'])]));
  const save = { id: 'save', depends_on: [work['id']], commit: 'feat: all of it' };
  const { steps = [...earlier, work, save, ...later], ...rest } = example;
  return { name: 'example', steps, ...rest };
}

/** A whole file around an example of a step's key. */
function fileWithStep(example: Data): Data {
  const works = WORK_KEYS.some((key) => key in example) || isOnlyApproval(example);
  const agent = { agent: 'Researcher', ...('prompt_file' in example ? {} : { prompt: 'x' }) };
  const work = { id: 'work', depends_on: EARLIER, ...(works ? {} : agent), ...example };
  return fileWith({}, work);
}

function isOnlyApproval({ approval }: Data): boolean {
  return typeof approval === 'object' && approval !== null && 'of' in approval;
}

function messages(file: Data): readonly string[] {
  const parsed = parseText(stringify(file), {
    path: 'example.yml',
    personas,
    readFile: (path) => FILES[path] as string | undefined,
  });
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
}

function dataOf(key: SchemaKey): Data {
  return parseYaml(key.example) as Data;
}

/** The example of a key, put into the example of the key around it: beside all of that, or alone. */
function nested(key: SchemaKey, around: SchemaKey, alone: boolean): Data {
  const whole = structuredClone(dataOf(around));
  const chain = [around, ...descendants(around)].filter(({ path }) => startsWith(key.path, path));
  let place = whole;
  for (const part of chain.slice(0, -1)) place = open(place, part, key.path.at(-1)!);
  if (alone) {
    for (const name of Object.keys(place)) delete place[name];
    Object.assign(place, ...siblings(key, around).map(dataOf));
  }
  Object.assign(place, dataOf(key));
  return whole;
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((part, index) => path[index] === part);
}

/** The map a key holds, made if its example has none: itself, or the item or entry that has the name, else the first. */
function open(place: Data, { path, holds }: SchemaKey, wanted: string): Data {
  const name = path.at(-1)!;
  if (holds === 'map') {
    if (!isMap(place[name])) place[name] = {};
    return place[name] as Data;
  }
  const entries = Object.values((place[name] ?? {}) as Data);
  const maps = entries.filter(isMap);
  const found = maps.find((map) => wanted in map) ?? maps[0];
  if (found !== undefined) return found;
  const made: Data = {};
  place[name] = holds === 'list' ? [made] : { example: made };
  return made;
}

function isMap(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys beside this one that must be there. */
function siblings(key: SchemaKey, around: SchemaKey): readonly SchemaKey[] {
  const beside = descendants(around).filter(
    ({ path }) => path.slice(0, -1).join() === key.path.slice(0, -1).join(),
  );
  return beside.filter(({ required }) => required);
}

function descendants(key: SchemaKey): readonly SchemaKey[] {
  return key.children.flatMap((child) => [child, ...descendants(child)]);
}

/** Loops of a group are those of a file once more; their examples speak of the file's steps. */
function isLoopInside(key: SchemaKey): boolean {
  return key.path.indexOf('loops') > 0 && key.path.at(-1) !== 'loops';
}

const top = schemaKeys(Workflow);
const steps = top.find(({ path }) => path[0] === 'steps')!.children;
const topKeys = top.filter(({ path }) => path[0] !== 'steps');
const label = (key: SchemaKey): string => key.path.join('.');
const table = (keys: readonly SchemaKey[]) => keys.map((key) => [label(key), key] as const);

describe('the reference', () => {
  const all = [...top, ...top.flatMap(descendants), ...schemaKeys(PersonaFront)];
  it.each(table(all))('says something about %s, with an example that has it', (_, key) => {
    const isTrigger = key.path.length === 2 && key.path[0] === 'on';

    expect(key.description).not.toBe('');
    expect(Object.keys(dataOf(key))).toContain(isTrigger ? 'on' : key.path.at(-1));
  });

  it.each(table(topKeys))('has a sound example of %s', (_, key) => {
    expect(messages(fileWith(dataOf(key)))).toEqual([]);
  });

  it.each(table(steps))('has a sound example of %s', (_, key) => {
    expect(messages(fileWithStep(dataOf(key)))).toEqual([]);
  });

  const inner = [
    ...topKeys.filter(({ path }) => path[0] !== 'on').map((around) => ({ around, file: fileWith })),
    ...steps.map((around) => ({ around, file: fileWithStep })),
    ...(top.find(({ path }) => path[0] === 'on')?.children ?? []).map((around) => ({
      around,
      file: fileWith,
    })),
  ].flatMap(({ around, file }) =>
    descendants(around).map((key) => [label(key), { key, around, file }] as const),
  );
  it.each(inner.filter(([, { key }]) => !isLoopInside(key)))(
    'has a sound example of %s',
    (_, { key, around, file }) => {
      const isTrigger = around.path[0] === 'on';
      const outer: SchemaKey = isTrigger
        ? { ...around, example: stringify(dataOf(around)['on']) }
        : around;
      const wrap = (data: Data): Data => file(isTrigger ? { on: data } : data);

      const tried = [false, true].map((alone) => messages(wrap(nested(key, outer, alone))));

      expect(tried.toSorted((a, b) => a.length - b.length)[0]).toEqual([]);
    },
  );
});

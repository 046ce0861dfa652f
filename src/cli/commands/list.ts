import { planSize } from '../../engine/read/plan-size.ts';
import { plural } from '../../render/text/format.ts';
import { type CliArguments, type CliCommand, JSON_OPTION, PATH_OPTION } from '../command.ts';
import { EXIT, type ExitCode, type Io } from '../io.ts';
import {
  compileIn,
  findDefinition,
  isOwn,
  type Library,
  namesIn,
  openLibrary,
} from '../library.ts';

export const list: CliCommand = {
  usage: 'list',
  summary: 'show the workflows there are',
  details: `Lists the workflows of the repository and those that are shipped. The repository's own
workflow stands in for a shipped one of the same name. What should be written in another way is
said as a warning. Exit status 1: some file is broken.`,
  options: { path: PATH_OPTION, json: JSON_OPTION },
  words: { min: 0, max: 0 },
  run,
};

interface Row {
  readonly name: string;
  readonly origin: 'repository' | 'built-in';
  readonly replaces: boolean;
  readonly steps: number | null;
  readonly gates: number | null;
  readonly description: string;
  readonly path: string;
}

function run(given: CliArguments, io: Io): ExitCode {
  const library = openLibrary(io.cwd, given.values.get('path') ?? '.');
  const rows = namesIn(library).map((name) => rowFor(library, name));
  const broken = [...new Set(library.own.problems.map(({ path }) => path))];
  const { warnings } = library.own;
  if (given.flags.has('json')) {
    io.out(`${JSON.stringify({ workflows: rows, broken, warnings }, null, 2)}\n`);
  } else {
    const width = Math.max(...rows.map(({ name }) => name.length));
    for (const row of rows) io.out(`${lineFor(row, width)}\n`);
    for (const path of broken) io.err(`${path} is broken: \`sluice doctor\` says why.\n`);
    for (const { path, line, column, message } of warnings)
      io.err(`${path}:${line}:${column}: warning: ${message}\n`);
  }
  const bad = broken.length > 0 || rows.some(({ steps }) => steps === null);
  return bad ? EXIT.problems : EXIT.ok;
}

function rowFor(library: Library, name: string): Row {
  const definition = findDefinition(library, name);
  const mine = isOwn(library, definition);
  const compiled = compileIn(library, definition);
  const size = compiled.ok ? planSize(compiled.plan) : null;
  return {
    name,
    origin: mine ? 'repository' : 'built-in',
    replaces: mine && library.builtin.definitions.has(name),
    steps: size?.steps ?? null,
    gates: size?.gates ?? null,
    description: definition.spec.description,
    path: definition.path,
  };
}

function lineFor(
  { name, origin, replaces, steps, gates, description }: Row,
  width: number,
): string {
  const size =
    steps === null ? 'broken' : `${plural(steps, 'step')}, ${plural(gates ?? 0, 'gate')}`;
  const from = replaces ? 'repository, instead of built-in' : origin;
  return `${name.padEnd(width)}  ${size.padEnd(18)}  ${from}: ${description}`;
}

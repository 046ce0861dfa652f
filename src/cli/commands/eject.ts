import { join } from 'node:path';
import { parsePersona } from '../../language/native/parse/parse-persona.ts';
import { filesOf } from '../../language/native/syntax/definition.ts';
import { nearest } from '../../language/problems/nearest.ts';
import { type CliArguments, type CliCommand, JSON_OPTION, PATH_OPTION } from '../command.ts';
import { EXIT, type ExitCode, type Io, UsageError } from '../io.ts';
import { BUILTIN_DIR, compileIn, OWN_FOLDER, openLibrary } from '../library.ts';
import { readFiles } from '../read-files.ts';
import { writeNewFiles } from '../write-files.ts';

export const eject: CliCommand = {
  usage: 'eject <workflow>',
  summary: 'copy a shipped workflow into the repository, to change it there',
  details: `Copies the file of a shipped workflow with the prompts, personas and gates it uses into
\`.github/sluice/\`. From then on the copy counts in this repository. If one of the files is there
already, nothing is written unless --force is given.`,
  options: {
    path: PATH_OPTION,
    json: JSON_OPTION,
    force: { type: 'boolean', help: 'Overwrite files that are there already.' },
  },
  words: { min: 1, max: 1 },
  run,
};

function run(given: CliArguments, io: Io): ExitCode {
  const [name = ''] = given.words;
  const library = openLibrary(io.cwd, given.values.get('path') ?? '.');
  const definition = library.builtin.definitions.get(name.toLowerCase().replaceAll('_', '-'));
  if (definition === undefined) {
    const meant = nearest(name, library.builtin.definitions.keys());
    const names = [...library.builtin.definitions.keys()].toSorted().join(', ');
    const hint = meant === null ? `There are ${names}.` : `Did you mean \`${meant}\`?`;
    throw new UsageError(`no workflow \`${name}\` is shipped. ${hint}`);
  }
  const compiled = compileIn({ ...library, own: library.builtin }, definition);
  const personas = compiled.ok ? Object.keys(compiled.plan.personas) : [];
  const shipped = readFiles(BUILTIN_DIR);
  const wanted = [
    definition.path.replace(/^workflows\//, ''),
    ...filesOf(definition),
    ...personaFiles(shipped, personas),
  ];
  const files = Object.fromEntries(
    wanted.map((file) => [
      `${OWN_FOLDER}/${file.includes('/') ? file : `workflows/${file}`}`,
      shipped[file] ?? '',
    ]),
  );
  const written = writeNewFiles(library.repository, files, given.flags.has('force'));
  io.out(
    given.flags.has('json')
      ? `${JSON.stringify({ written }, null, 2)}\n`
      : `${written.map((file) => `wrote ${file}`).join('\n')}\n`,
  );
  return EXIT.ok;
}

function personaFiles(
  files: Readonly<Record<string, string>>,
  names: readonly string[],
): readonly string[] {
  return Object.entries(files).flatMap(([file, text]) => {
    if (!/^personas\/[^/]+\.md$/.test(file)) return [];
    const parsed = parsePersona(text, join('workflows', file));
    return parsed.ok && names.includes(parsed.persona.name) ? [file] : [];
  });
}

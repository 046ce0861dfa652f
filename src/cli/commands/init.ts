import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nearest } from '../../language/problems/nearest.ts';
import { type CliArguments, type CliCommand, JSON_OPTION, PATH_OPTION } from '../command.ts';
import { EXIT, type ExitCode, type Io, UsageError } from '../io.ts';
import { OWN_FOLDER } from '../library.ts';
import { kindOfPath, readFiles } from '../read-files.ts';
import { writeNewFiles } from '../write-files.ts';

const PRESETS_DIR = join(import.meta.dirname, '../presets');

export const init: CliCommand = {
  usage: 'init [--preset name]',
  summary: 'write a first workflow and a configuration into a repository',
  details: `Writes \`.github/sluice/\` with a \`config.yml\` and workflows to start from:

  minimal     one workflow of three steps (the default)
  solo        plan, build, test, review, deploy; a gate after the tests
  small       for three to eight people: documents too, gates after test, review and document
  enterprise  for many: approvals, gates, escalation, a budget, a report at the end of every run

If one of the files is there already, nothing is written unless --force is given.`,
  options: {
    path: PATH_OPTION,
    json: JSON_OPTION,
    preset: { type: 'string', value: 'name', help: 'minimal, solo, small or enterprise.' },
    force: { type: 'boolean', help: 'Overwrite files that are there already.' },
  },
  words: { min: 0, max: 0 },
  run,
};

function run(given: CliArguments, io: Io): ExitCode {
  const preset = given.values.get('preset') ?? 'minimal';
  const presets = readdirSync(PRESETS_DIR).toSorted();
  if (!presets.includes(preset)) {
    const meant = nearest(preset, presets);
    const hint = meant === null ? `There are ${presets.join(', ')}.` : `Did you mean \`${meant}\`?`;
    throw new UsageError(`there is no preset \`${preset}\`. ${hint}`);
  }
  const path = given.values.get('path') ?? '.';
  const root = resolve(io.cwd, path);
  if (kindOfPath(root) !== 'folder') throw new UsageError(`there is no folder \`${path}\`.`);
  const files = Object.fromEntries(
    Object.entries(readFiles(join(PRESETS_DIR, preset))).map(([file, text]) => [
      `${OWN_FOLDER}/${file}`,
      text,
    ]),
  );
  const written = writeNewFiles(root, files, given.flags.has('force'));
  io.out(
    given.flags.has('json')
      ? `${JSON.stringify({ preset, written }, null, 2)}\n`
      : `${written.map((file) => `wrote ${file}`).join('\n')}\n`,
  );
  return EXIT.ok;
}

import { readFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { diagnosesOf } from '../../doctor/diagnose-folder.ts';
import { sourceFiles } from '../../language/dialects/read-source.ts';
import { type Diagnosis, isProblem, sortDiagnoses } from '../../language/problems/diagnosis.ts';
import { type CliArguments, type CliCommand, JSON_OPTION } from '../command.ts';
import { diagnoseLibrary } from '../diagnose-library.ts';
import { EXIT, type ExitCode, type Io, UsageError } from '../io.ts';
import { type Library, openLibrary } from '../library.ts';
import { openLoneFile } from '../lone-file.ts';
import { kindOfPath } from '../read-files.ts';
import { reportAnnotations } from '../report-annotations.ts';
import { reportSarif } from '../report-sarif.ts';
import { reportText, type TextFacts } from '../report-text.ts';
import { readVersion } from '../version.ts';

export const doctor: CliCommand = {
  usage: 'doctor [path]',
  summary: 'look for everything that is wrong, or likely to be',
  details: `Examines all workflows of a repository (\`.github/sluice/\`), or one file. Besides what keeps
a workflow from starting it finds steps that nothing leads to, conditions that can never hold,
gates that can never pass, answers that lead nowhere, and files, teams and commands that are not
there. Errors and warnings count as problems; notes are advice.`,
  options: {
    json: JSON_OPTION,
    sarif: { type: 'boolean', help: 'Write SARIF 2.1.0 for code scanning.' },
    annotations: { type: 'boolean', help: 'Write annotations for a GitHub check run.' },
    teams: {
      type: 'string',
      value: 'a,b',
      help: 'Teams of the organisation; without it teams are not checked.',
    },
  },
  words: { min: 0, max: 1 },
  run,
};

function run(given: CliArguments, io: Io): ExitCode {
  const [path = '.'] = given.words;
  const format = formatOf(given);
  const { library, only } = open(io.cwd, path);
  const teams = given.values
    .get('teams')
    ?.split(',')
    .map((team) => team.trim().toLowerCase());
  const all = diagnoseLibrary(library, teams ?? null);
  const diagnoses = only === null ? all : only(all);
  const workflows = only === null ? countFiles(library) : 1;
  const from = relative(io.cwd, library.repository);
  io.out(report(format, diagnoses, { workflows, from }));
  return diagnoses.some(isProblem) ? EXIT.problems : EXIT.ok;
}

interface Opened {
  readonly library: Library;
  /** Keeps what concerns the requested file; null for everything. */
  readonly only: ((all: readonly Diagnosis[]) => readonly Diagnosis[]) | null;
}

function open(cwd: string, path: string): Opened {
  const target = resolve(cwd, path);
  const kind = kindOfPath(target);
  if (kind === 'nothing') throw new UsageError(`there is nothing at \`${path}\`.`);
  if (kind === 'folder') return { library: openLibrary(cwd, path), only: null };
  if (!holdsWorkflow(target))
    throw new UsageError(`\`${path}\` holds no workflow (.yml, .yaml, or a unit as .json or .md).`);
  const folder = resolve(dirname(target), '..');
  const isInFolder = /[/\\]\.github[/\\]sluice[/\\]workflows$/.test(dirname(target));
  if (!isInFolder) return { library: openLoneFile(cwd, target), only: null };
  const name = relative(resolve(folder, '../..'), target).replaceAll('\\', '/');
  const library = openLibrary(cwd, folder);
  const definitions = [...library.own.definitions.values()].filter((one) => one.path === name);
  const only = (all: readonly Diagnosis[]): readonly Diagnosis[] =>
    definitions.length === 0
      ? all.filter(({ path: about }) => about === name)
      : sortDiagnoses(definitions.flatMap((one) => diagnosesOf(one, all, library.prefix)));
  return { library, only };
}

/** YAML is always a workflow; JSON and Markdown may be anything. */
function holdsWorkflow(file: string): boolean {
  return sourceFiles({ [basename(file)]: readFileSync(file, 'utf8') }, '').length > 0;
}

function countFiles({ files, own }: Library): number {
  return Math.max(sourceFiles(files, 'workflows/').length, own.definitions.size);
}

type Format = 'json' | 'sarif' | 'annotations' | 'text';
const FORMATS: readonly Format[] = ['json', 'sarif', 'annotations'];

function formatOf({ flags }: CliArguments): Format {
  const [format = 'text', other] = FORMATS.filter((name) => flags.has(name));
  if (other !== undefined) throw new UsageError(`--${format} or --${other}, not both.`);
  return format;
}

function report(format: Format, diagnoses: readonly Diagnosis[], facts: TextFacts): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify({ workflows: facts.workflows, diagnoses }, null, 2)}\n`;
    case 'sarif':
      return reportSarif(diagnoses, readVersion());
    case 'annotations':
      return reportAnnotations(diagnoses);
    case 'text':
      return reportText(diagnoses, facts);
  }
}

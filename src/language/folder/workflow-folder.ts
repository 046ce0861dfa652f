import type { Persona } from '../../plan/plan.ts';
import { namesToldBy, readSource, sourceFiles } from '../dialects/read-source.ts';
import { parsePersona } from '../native/parse/parse-persona.ts';
import type { WorkflowDefinition } from '../native/syntax/definition.ts';
import { type Problem, sortProblems } from '../problems/problem.ts';
import { checkEntrances } from './check-entrances.ts';

/** All workflows and personas of one place: those shipped with the app, or those of a repository. */
export interface WorkflowFolder {
  /** By workflow name. */
  readonly definitions: ReadonlyMap<string, WorkflowDefinition>;
  /** By name, including those of the folders below. */
  readonly personas: Readonly<Record<string, Persona>>;
  /** What is wrong with files that are therefore missing above. */
  readonly problems: readonly Problem[];
  /** Files that are not usable, so that nothing else is taken for what they were meant to be. */
  readonly broken: readonly BrokenFile[];
  /** What is understood in sound files but should be written differently. */
  readonly warnings: readonly Problem[];
  /** Everything in it, by path: what the folders above fall back on. */
  readonly files: Readonly<Record<string, string>>;
}

export interface BrokenFile {
  /** Names of its workflows, as far as the file says; the last one is that of the file. */
  readonly names: readonly string[];
  /** In the file itself, or in what it uses. */
  readonly problems: readonly Problem[];
}

export interface FolderOptions {
  /** Prefix for paths in messages: `.github/sluice/`. */
  readonly prefix: string;
  /** Where the workflow files are inside the folder: `workflows/`, or nothing. */
  readonly workflows: string;
  /** Personas of the folders below, which a persona file here replaces by name. */
  readonly personas?: Readonly<Record<string, Persona>>;
  /** Files of the folders below, used where a dialect's own file is missing here. */
  readonly defaults?: Readonly<Record<string, string>>;
}

/** Reads a folder given as path → text. Sound files are usable whatever is wrong with others. */
export function readWorkflowFolder(
  files: Readonly<Record<string, string>>,
  options: FolderOptions,
): WorkflowFolder {
  const { prefix, defaults = {} } = options;
  const problems: Problem[] = [];
  const own = readPersonas(files, options, problems);
  const personas = { ...options.personas, ...own };
  const definitions = new Map<string, WorkflowDefinition>();
  const broken: BrokenFile[] = [];
  for (const file of sourceFiles(files, options.workflows)) {
    const read = readSource(file, { prefix, files, defaults, personas });
    const found = read.problems.map((problem) => placed(problem, prefix + file, options));
    if (found.length > 0) broken.push({ names: namesToldBy(file, files), problems: found });
    problems.push(...found);
    for (const definition of read.definitions) {
      const first = definitions.get(definition.spec.name);
      if (first === undefined) definitions.set(definition.spec.name, definition);
      else problems.push(nameTaken(definition, first));
    }
  }
  problems.push(...checkEntrances([...definitions.values()]));
  const warnings = [...definitions.values()].flatMap((definition) => definition.warnings ?? []);
  return {
    definitions,
    personas,
    problems: sortProblems(problems),
    broken,
    warnings: sortProblems(warnings.map((warning) => placed(warning, warning.path, options))),
    files,
  };
}

/** Problems in prompt files name them as the workflow does, inside the folder. */
function placed(problem: Problem, path: string, { prefix }: FolderOptions): Problem {
  const isPlaced = problem.path === path || problem.path.startsWith(prefix);
  return isPlaced ? problem : { ...problem, path: prefix + problem.path };
}

function nameTaken(definition: WorkflowDefinition, first: WorkflowDefinition): Problem {
  const { path, positions, spec } = definition;
  return {
    path,
    ...positions.ofValue(['name']),
    code: 'duplicate',
    message: `\`${first.path}\` has the name \`${spec.name}\` already; give this workflow another one.`,
  };
}

function readPersonas(
  files: Readonly<Record<string, string>>,
  options: FolderOptions,
  problems: Problem[],
): Readonly<Record<string, Persona>> {
  const personas = new Map<string, { persona: Persona; path: string }>();
  for (const [file, text] of Object.entries(files)) {
    if (!/^personas\/[^/]+\.md$/.test(file)) continue;
    const path = options.prefix + file;
    const parsed = parsePersona(text, path);
    if (!parsed.ok) {
      problems.push(...parsed.problems);
      continue;
    }
    const { persona } = parsed;
    const first = personas.get(persona.name);
    if (first === undefined) personas.set(persona.name, { persona, path });
    else {
      const message = `\`${first.path}\` has the name \`${persona.name}\` already.`;
      problems.push({ path, line: 1, column: 1, code: 'duplicate', message });
    }
  }
  return Object.fromEntries([...personas].map(([name, { persona }]) => [name, persona]));
}

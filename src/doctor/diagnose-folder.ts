import type { WorkflowFolder } from '../language/folder/workflow-folder.ts';
import type { CompileResult } from '../language/native/compile/compile.ts';
import {
  CONFIG_FILE,
  parseRepositoryConfig,
} from '../language/native/parse/parse-repository-config.ts';
import { filesOf, type WorkflowDefinition } from '../language/native/syntax/definition.ts';
import { type Diagnosis, diagnosisOf, sortDiagnoses } from '../language/problems/diagnosis.ts';
import { diagnose } from './diagnose.ts';
import type { Surroundings } from './examine-surroundings.ts';

export interface Examination {
  readonly own: WorkflowFolder;
  /** Contents of the folder, by path: a single file examined alone has nothing beside it. */
  readonly files: Readonly<Record<string, string>>;
  /** Prefix for paths in the folder: `.github/sluice/`. */
  readonly prefix: string;
  /** Compiles as a start would. */
  readonly compile: (definition: WorkflowDefinition) => CompileResult;
  /** What is known besides the folder's own `config.yml`. */
  readonly around: Omit<Surroundings, 'commands'>;
}

/** Everything there is to say about a repository's workflows, and about the files beside them. */
export function diagnoseFolder(examination: Examination): readonly Diagnosis[] {
  const { own, around } = examination;
  const config = readConfig(examination);
  const surroundings: Surroundings = { ...around, commands: config.commands };
  const definitions = [...own.definitions.values()];
  return sortDiagnoses([
    ...own.problems.map(diagnosisOf),
    ...own.warnings.map((one): Diagnosis => ({ ...diagnosisOf(one), severity: 'warning' })),
    ...config.diagnoses,
    ...definitions.flatMap((one) => diagnoseOne(examination, one, surroundings)),
    ...(own.problems.length === 0 ? unusedFiles(examination, definitions) : []),
  ]);
}

/** What concerns one workflow: its own file, and those it uses. */
export function diagnosesOf(
  definition: WorkflowDefinition,
  all: readonly Diagnosis[],
  prefix: string,
): readonly Diagnosis[] {
  const used = filesOf(definition).map((file) => prefix + file);
  return all.filter(({ path }) => path === definition.path || used.includes(path));
}

/** What is wrong with a workflow that was read, once it is compiled with what it calls. */
function diagnoseOne(
  { compile }: Examination,
  definition: WorkflowDefinition,
  surroundings: Surroundings,
): readonly Diagnosis[] {
  const compiled = compile(definition);
  if (!compiled.ok) return compiled.problems.map(diagnosisOf);
  return diagnose({ definition, plan: compiled.plan, surroundings });
}

function readConfig({ files, prefix }: Examination): {
  readonly commands: Surroundings['commands'];
  readonly diagnoses: readonly Diagnosis[];
} {
  const text = files[CONFIG_FILE];
  if (text === undefined) return { commands: {}, diagnoses: [] };
  const parsed = parseRepositoryConfig(text, prefix + CONFIG_FILE);
  if (parsed.ok) return { commands: parsed.commands, diagnoses: [] };
  return { commands: null, diagnoses: parsed.problems.map(diagnosisOf) };
}

/** Prompt files that no workflow sends. */
function unusedFiles(
  { files, prefix }: Examination,
  definitions: readonly WorkflowDefinition[],
): readonly Diagnosis[] {
  const used = new Set(definitions.flatMap(filesOf));
  return Object.keys(files)
    .filter((path) => path.startsWith('prompts/') && !used.has(path))
    .map((path) => ({
      path: prefix + path,
      line: 1,
      column: 1,
      rule: 'unused',
      severity: 'note',
      message: 'no workflow of this folder uses this file.',
    }));
}

import { join } from 'node:path';
import { engineOracle } from '../engine/simulate/engine-oracle.ts';
import type { WorkflowDefinition } from '../workflow/definition.ts';
import { diagnose } from '../workflow/doctor/diagnose.ts';
import { type Diagnosis, diagnosisOf, sortDiagnoses } from '../workflow/doctor/diagnosis.ts';
import type { Surroundings } from '../workflow/doctor/examine-surroundings.ts';
import { CONFIG_FILE, parseRepositoryConfig } from '../workflow/parse-repository-config.ts';
import { compileIn, type Library } from './library.ts';
import { kindOfPath } from './read-files.ts';

/** Everything there is to say about a repository's workflows, and about the files beside them. */
export function diagnoseLibrary(
  library: Library,
  teams: readonly string[] | null,
): readonly Diagnosis[] {
  const { own } = library;
  const config = readConfig(library);
  const surroundings: Surroundings = {
    teams,
    hasFile: (path) => kindOfPath(join(library.repository, path)) === 'file',
    commands: config.commands,
  };
  const definitions = [...own.definitions.values()];
  return sortDiagnoses([
    ...own.problems.map(diagnosisOf),
    ...own.warnings.map((one): Diagnosis => ({ ...diagnosisOf(one), severity: 'warning' })),
    ...config.diagnoses,
    ...definitions.flatMap((one) => diagnoseOne(library, one, surroundings)),
    ...(own.problems.length === 0 ? unusedFiles(library, definitions) : []),
  ]);
}

/** What is wrong with a workflow that was read, once it is put together with what it calls. */
function diagnoseOne(
  library: Library,
  definition: WorkflowDefinition,
  surroundings: Surroundings,
): readonly Diagnosis[] {
  const compiled = compileIn(library, definition);
  if (!compiled.ok) return compiled.problems.map(diagnosisOf);
  return diagnose({ definition, plan: compiled.plan, oracle: engineOracle, surroundings });
}

function readConfig({ files, prefix }: Library): {
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
  { files, prefix }: Library,
  definitions: readonly WorkflowDefinition[],
): readonly Diagnosis[] {
  const used = new Set(definitions.flatMap((definition) => Object.keys(definition.files)));
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

import type { WorkflowDefinition } from './definition.ts';
import { parseWorkflow } from './parse.ts';
import { parsePersona } from './parse-persona.ts';
import type { Persona } from './plan.ts';
import { type Problem, sortProblems } from './problem.ts';

/** All workflows and personas of one place: those shipped with the app, or those of a repository. */
export interface WorkflowFolder {
  /** By the name of the workflow. */
  readonly definitions: ReadonlyMap<string, WorkflowDefinition>;
  /** By name, those of the folders below included. */
  readonly personas: Readonly<Record<string, Persona>>;
  /** What is wrong with files that therefore are missing above. */
  readonly problems: readonly Problem[];
}

export interface FolderOptions {
  /** Put in front of paths in messages: `.github/sluice/`. */
  readonly prefix: string;
  /** Where the workflow files lie inside the folder: `workflows/`, or nothing. */
  readonly workflows: string;
  /** Personas of the folders below, which a persona file here replaces by name. */
  readonly personas?: Readonly<Record<string, Persona>>;
}

/** Reads a folder given as path → text. Sound files are usable whatever is wrong with others. */
export function readWorkflowFolder(
  files: Readonly<Record<string, string>>,
  options: FolderOptions,
): WorkflowFolder {
  const problems: Problem[] = [];
  const own = readPersonas(files, options, problems);
  const personas = { ...options.personas, ...own };
  const definitions = new Map<string, WorkflowDefinition>();
  for (const [file, text] of workflowFiles(files, options)) {
    const path = options.prefix + file;
    const readFile = (name: string): string | undefined =>
      Object.hasOwn(files, name) ? files[name] : undefined;
    const parsed = parseWorkflow(text, { path, personas, readFile });
    if (!parsed.ok) {
      problems.push(...parsed.problems.map((problem) => placed(problem, path, options)));
      continue;
    }
    const { definition } = parsed;
    const first = definitions.get(definition.spec.name);
    if (first === undefined) definitions.set(definition.spec.name, definition);
    else problems.push(nameTaken(definition, first));
  }
  return { definitions, personas, problems: sortProblems(problems) };
}

function workflowFiles(
  files: Readonly<Record<string, string>>,
  { workflows }: FolderOptions,
): readonly (readonly [string, string])[] {
  return Object.entries(files)
    .filter(([file]) => {
      const name = file.startsWith(workflows) ? file.slice(workflows.length) : '/';
      return /^[^/]+\.ya?ml$/.test(name);
    })
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
}

/** Problems of prompt files name them as the workflow does, inside the folder. */
function placed(problem: Problem, path: string, { prefix }: FolderOptions): Problem {
  return problem.path === path ? problem : { ...problem, path: prefix + problem.path };
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

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadBuiltinWorkflows } from '#src/builtin-workflows.ts';
import { readWorkflowFolder, type WorkflowFolder } from '#src/language/folder/workflow-folder.ts';
import { compileWorkflow } from '#src/language/native/compile/compile.ts';
import type { WorkflowDefinition } from '#src/language/native/syntax/definition.ts';
import { renderProblem } from '#src/language/problems/problem.ts';
import type { Graph, Plan } from '#src/plan/plan.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DIALECT_FIXTURES = join(ROOT, 'test/fixtures/dialects');

const builtin = loadBuiltinWorkflows(join(ROOT, 'workflows'));

/** A file of the dialects' examples, as its author wrote it. */
export function example(file: string): string {
  return readFileSync(join(DIALECT_FIXTURES, file), 'utf8');
}

/** Reads files as those of a repository's workflow folder, over what the application ships. */
export function readFolder(files: Readonly<Record<string, string>>): WorkflowFolder {
  return readWorkflowFolder(files, {
    prefix: '',
    workflows: 'workflows/',
    personas: builtin.personas,
    defaults: builtin.files,
  });
}

/** Everything that is said about the files, errors first. */
export function messagesFor(files: Readonly<Record<string, string>>): readonly string[] {
  const { problems, warnings } = readFolder(files);
  return [...problems, ...warnings].map(renderProblem);
}

export function definitionIn(
  files: Readonly<Record<string, string>>,
  name: string,
): WorkflowDefinition {
  const folder = readFolder(files);
  const definition = folder.definitions.get(name);
  if (definition === undefined) {
    const problems = folder.problems.map(renderProblem).join('\n');
    throw new Error(`There is no workflow ${name}.\n${problems}`);
  }
  return definition;
}

/** The plan of a workflow of the folder; with a type, as it holds for issues of this type. */
export function planIn(
  files: Readonly<Record<string, string>>,
  name: string,
  type: string | null = null,
): Plan {
  const definition = definitionIn(files, name);
  const variant = type === null ? definition : definition.variants?.[type];
  if (variant === undefined) throw new Error(`${name} is the same for issues of type ${type}.`);
  return planOf(files, variant);
}

/** The plan of a definition that was read from these files. */
export function planOf(
  files: Readonly<Record<string, string>>,
  definition: WorkflowDefinition,
): Plan {
  const folder = readFolder(files);
  const compiled = compileWorkflow(definition, {
    resolve: (called) => folder.definitions.get(called) ?? builtin.definitions.get(called),
    workflowNames: [...folder.definitions.keys()],
    personas: folder.personas,
    source: { origin: 'repository', path: definition.path, commit: 'c0ffee', digest: 'sha256:0' },
  });
  if (!compiled.ok) throw new Error(compiled.problems.map(renderProblem).join('\n'));
  return compiled.plan;
}

export function mainGraph(plan: Plan): Graph {
  const graph = plan.graphs[plan.main];
  if (graph === undefined) throw new Error('the plan has no main graph');
  return graph;
}

/** A layer in the place where a repository keeps it. */
export function layer(text: string, files: Readonly<Record<string, string>> = {}) {
  return { 'workflow.yaml': text, ...files };
}

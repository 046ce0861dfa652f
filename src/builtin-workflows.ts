import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { AppError } from './errors.ts';
import { readWorkflowFolder, type WorkflowFolder } from './language/folder/workflow-folder.ts';
import { compileWorkflow } from './language/native/compile/compile.ts';
import { renderProblem } from './language/problems/problem.ts';

/**
 * Reads the workflows shipped with the app, once at startup. Throws an AppError that lists every
 * problem of every file: an installation with a broken built-in does not start.
 */
export function loadBuiltinWorkflows(dir: string): WorkflowFolder {
  const folder = readWorkflowFolder(readFiles(dir), { prefix: 'workflows/', workflows: '' });
  const problems = [...folder.problems, ...compileProblems(folder)];
  if (problems.length > 0) {
    const list = problems.map(renderProblem).join('\n');
    throw new AppError('builtin-workflows', `The built-in workflows have problems:\n${list}`);
  }
  return folder;
}

function compileProblems(folder: WorkflowFolder): WorkflowFolder['problems'] {
  const definitions = [...folder.definitions.values()];
  const variants = definitions.flatMap((definition) => Object.values(definition.variants ?? {}));
  return [...definitions, ...variants].flatMap((definition) => {
    const compiled = compileWorkflow(definition, {
      resolve: (name) => folder.definitions.get(name),
      workflowNames: [...folder.definitions.keys()],
      personas: folder.personas,
      source: { origin: 'built-in', path: definition.path, commit: null, digest: '' },
    });
    return compiled.ok ? [] : compiled.problems;
  });
}

function readFiles(dir: string): Readonly<Record<string, string>> {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.(?:ya?ml|md)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.map((file) => [
      file.slice(dir.length).split(sep).filter(Boolean).join('/'),
      readFileSync(file, 'utf8'),
    ]),
  );
}

import { join, resolve } from 'node:path';
import { loadBuiltinWorkflows } from '../builtin-workflows.ts';
import { readWorkflowFolder, type WorkflowFolder } from '../language/folder/workflow-folder.ts';
import { type CompileResult, compileWorkflow } from '../language/native/compile/compile.ts';
import type { WorkflowDefinition } from '../language/native/syntax/definition.ts';
import { nearest } from '../language/problems/nearest.ts';
import { UsageError } from './io.ts';
import { kindOfPath, readFiles } from './read-files.ts';

/** A repository's folder for its workflows. */
export const OWN_FOLDER = '.github/sluice';
export const BUILTIN_DIR = join(import.meta.dirname, '../../workflows');

/** Everything that can be named: what is shipped, and what the repository has. */
export interface Library {
  readonly repository: string;
  readonly builtin: WorkflowFolder;
  readonly own: WorkflowFolder;
  /** Files of the repository's workflow folder by their path inside it. */
  readonly files: Readonly<Record<string, string>>;
  /** Prefix for those paths in messages, which start at the repository. */
  readonly prefix: string;
}

let shipped: WorkflowFolder | null = null;

/** The shipped workflows, read on first use. */
export function builtinWorkflows(): WorkflowFolder {
  shipped ??= loadBuiltinWorkflows(BUILTIN_DIR);
  return shipped;
}

/** Opens a repository, or its workflow folder itself. One without workflows has the shipped ones. */
export function openLibrary(cwd: string, path: string): Library {
  const target = resolve(cwd, path);
  if (kindOfPath(target) !== 'folder') throw new UsageError(`there is no folder \`${path}\`.`);
  const isInside = isWorkflowFolder(target);
  const folder = isInside ? target : join(target, OWN_FOLDER);
  const repository = isInside ? resolve(target, '../..') : target;
  const builtin = builtinWorkflows();
  const prefix = `${OWN_FOLDER}/`;
  const files = kindOfPath(folder) === 'folder' ? readFiles(folder) : {};
  const { personas, files: defaults } = builtin;
  const options = { prefix, workflows: 'workflows/', personas, defaults };
  return { repository, builtin, own: readWorkflowFolder(files, options), files, prefix };
}

function isWorkflowFolder(path: string): boolean {
  return path.replaceAll('\\', '/').endsWith(`/${OWN_FOLDER}`);
}

export function namesIn({ own, builtin }: Library): readonly string[] {
  return [...new Set([...own.definitions.keys(), ...builtin.definitions.keys()])].toSorted();
}

/** The workflow of that name, the repository's own before the shipped one. */
export function findDefinition(library: Library, name: string): WorkflowDefinition {
  const wanted = name.toLowerCase().replaceAll('_', '-');
  const found = library.own.definitions.get(wanted) ?? library.builtin.definitions.get(wanted);
  if (found !== undefined) return found;
  const broken = library.own.problems.length;
  const meant = nearest(wanted, namesIn(library));
  const hint =
    meant === null ? ` There are ${namesIn(library).join(', ')}.` : ` Did you mean \`${meant}\`?`;
  const note = broken === 0 ? '' : ` (${broken} problems in this repository: \`sluice doctor\`.)`;
  throw new UsageError(`there is no workflow \`${name}\`.${hint}${note}`);
}

export function isOwn({ own }: Library, definition: WorkflowDefinition): boolean {
  return own.definitions.get(definition.spec.name) === definition;
}

/** Compiles as a start in this repository would. */
export function compileIn(library: Library, definition: WorkflowDefinition): CompileResult {
  const { own, builtin } = library;
  const mine = isOwn(library, definition);
  return compileWorkflow(definition, {
    resolve: (name) => own.definitions.get(name) ?? builtin.definitions.get(name),
    workflowNames: namesIn(library),
    personas: mine ? own.personas : builtin.personas,
    source: {
      origin: mine ? 'repository' : 'built-in',
      path: definition.path,
      commit: null,
      digest: '',
    },
  });
}

import { createHash } from 'node:crypto';
import { planSize } from '../../engine/read/plan-size.ts';
import type { RepositoryContext } from '../../engine/state/run-context.ts';
import type { Folder } from '../../forge/contents.ts';
import type { ForgeReads } from '../../forge/forge.ts';
import { readWorkflowFolder, type WorkflowFolder } from '../../language/folder/workflow-folder.ts';
import { type CompileResult, compileWorkflow } from '../../language/native/compile/compile.ts';
import {
  CONFIG_FILE,
  parseRepositoryConfig,
} from '../../language/native/parse/parse-repository-config.ts';
import type { Workflow } from '../../language/native/schema/workflow.ts';
import type { WorkflowDefinition } from '../../language/native/syntax/definition.ts';
import { type Door, type Entrance, entranceOf } from '../../language/native/syntax/entrances.ts';
import { plainName } from '../../language/native/syntax/plain-name.ts';
import type { Problem } from '../../language/problems/problem.ts';
import { chooseVariant, type IssueFacts } from '../../language/start/choose-variant.ts';
import { type Candidate, chooseWorkflow } from '../../language/start/choose-workflow.ts';
import type { Plan } from '../../plan/plan.ts';
import type { ListedWorkflow } from '../../render/answer/list.ts';
import type { LibraryDeps } from '../verb-deps.ts';
import { unreadSettings, unreadSources, unreadWorkflows } from './unread-files.ts';

export type FoundWorkflow =
  | { readonly type: 'found'; readonly plan: Plan; readonly entrance: Entrance }
  /** It exists, but is not started this way. */
  | { readonly type: 'elsewhere'; readonly spec: Pick<Workflow, 'name' | 'on'> }
  | { readonly type: 'several'; readonly names: readonly string[] }
  | { readonly type: 'unknown'; readonly suggestion: string | null }
  | { readonly type: 'broken'; readonly problems: readonly Problem[]; readonly commit: string };

type CompiledWorkflow =
  | { readonly type: 'compiled'; readonly plan: Plan }
  | Extract<FoundWorkflow, { type: 'unknown' | 'broken' }>;

export interface Workflows {
  /** Commit of the default branch they were read at; null if the repository is empty. */
  readonly commit: string | null;
  readonly own: WorkflowFolder;
  readonly config: RepositorySettings;
}

interface RepositorySettings {
  readonly commands: Readonly<Record<string, string>>;
  /** While these exist, nothing of the repository is started: a setting may be what protects it. */
  readonly problems: readonly Problem[];
}

const UNTYPED: IssueFacts = { type: null, labels: async () => [], owners: async () => [] };

export interface WantedWorkflow {
  readonly name: string;
  /** How it was asked for; `plan` starts nothing. */
  readonly door: Door | 'again' | 'plan';
}

/** The repository's own workflow at the default branch's commit, else the built-in one of that name. */
export async function findWorkflow(
  deps: LibraryDeps,
  forge: ForgeReads,
  repository: RepositoryContext,
  wanted: WantedWorkflow,
  facts: IssueFacts = UNTYPED,
): Promise<FoundWorkflow> {
  const { commit, own, config } = await readWorkflows(deps, forge, repository);
  const choice = chooseWorkflow(wanted.name, wanted.door, candidates(deps, own));
  const name = choice.type === 'found' ? choice.name : null;
  // A broken file hides the built-in of its name: it was meant to replace it. And a file whose name
  // nobody can read may be the one that is meant.
  const broken =
    choice.type === 'unknown'
      ? own.problems
      : own.broken
          .filter(({ names: meant }) => meant.includes(plainName(name ?? wanted.name)))
          .flatMap(({ problems }) => problems);
  const problems = [...config.problems, ...broken];
  if (problems.length > 0 && commit !== null) return { type: 'broken', problems, commit };
  if (choice.type !== 'found') return choice;
  const called = definitionOf(deps, own, choice.name);
  const variant = called && (await chooseVariant(called, facts));
  const compiled = compile(deps, own, commit, choice.name, variant);
  if (compiled.type !== 'compiled') return compiled;
  const plan = { ...compiled.plan, commands: config.commands };
  return { type: 'found', plan, entrance: choice.entrance };
}

export interface WorkflowNames {
  /** After the prefix: their names, and the names of their commands. */
  readonly workflows: readonly string[];
  /** Without the prefix, as in `/feature`. */
  readonly launchers: readonly string[];
}

export async function listWorkflowNames(
  deps: LibraryDeps,
  forge: ForgeReads,
  repository: RepositoryContext,
): Promise<WorkflowNames> {
  const { own } = await readWorkflows(deps, forge, repository);
  const broken = own.broken.flatMap(({ names: meant }) => meant);
  const launchers = candidates(deps, own).flatMap(
    ({ spec }) => entranceOf(spec, 'command')?.name ?? [],
  );
  return {
    workflows: [...new Set([...names(deps, own), ...launchers, ...broken])],
    launchers: [...new Set([...launchers, ...broken])],
  };
}

export async function listWorkflows(
  deps: LibraryDeps,
  forge: ForgeReads,
  repository: RepositoryContext,
): Promise<ListedWorkflow[]> {
  const { commit, own } = await readWorkflows(deps, forge, repository);
  return [...names(deps, own)].toSorted().flatMap((name) => {
    const found = compile(deps, own, commit, name);
    if (found.type !== 'compiled') return [];
    const { plan } = found;
    const { description, source } = plan;
    const spec = definitionOf(deps, own, name)?.spec ?? { name, on: undefined };
    const ways = {
      label: entranceOf(spec, 'label')?.name ?? null,
      command: entranceOf(spec, 'command')?.name ?? null,
    };
    return [{ name, description, origin: source.origin, ways, ...planSize(plan) }];
  });
}

/** What the repository has, read at its default branch's current commit. */
export async function readWorkflows(
  deps: LibraryDeps,
  forge: ForgeReads,
  repository: RepositoryContext,
): Promise<Workflows> {
  const branch = await forge.findBranch(repository.defaultBranch);
  if (branch === null) return { commit: null, own: NOTHING, config: NO_CONFIG };
  const folder = await forge.findFolder({ commit: branch.sha, path: deps.settings.folder });
  if (folder === null) return { commit: branch.sha, own: NOTHING, config: NO_CONFIG };
  return { commit: branch.sha, own: workflowsIn(deps, folder), config: configIn(deps, folder) };
}

const NOTHING: WorkflowFolder = {
  definitions: new Map(),
  personas: {},
  problems: [],
  broken: [],
  warnings: [],
  files: {},
};
const NO_CONFIG: RepositorySettings = { commands: {}, problems: [] };

function configIn(deps: LibraryDeps, folder: Folder): RepositorySettings {
  const path = `${deps.settings.folder}/${CONFIG_FILE}`;
  const file = folder.files.find((candidate) => candidate.path === path);
  const unread = unreadSettings(folder, deps.settings.folder);
  if (unread.length > 0) return { commands: {}, problems: unread };
  if (file === undefined) return NO_CONFIG;
  const parsed = parseRepositoryConfig(file.text, path);
  if (!parsed.ok) return { commands: {}, problems: parsed.problems };
  return { commands: parsed.commands, problems: [] };
}

function workflowsIn(deps: LibraryDeps, folder: Folder): WorkflowFolder {
  const start = deps.settings.folder.length + 1;
  const files = Object.fromEntries(folder.files.map(({ path, text }) => [path.slice(start), text]));
  const own = understand(deps, files);
  const unread = unreadWorkflows(folder, deps.settings.folder);
  return {
    ...own,
    broken: [...own.broken, ...unread],
    problems: [
      ...own.problems,
      ...unread.flatMap(({ problems }) => problems),
      ...unreadSources(folder, deps.settings.folder),
    ],
  };
}

/** Files of the repository's workflow folder, by their path inside it. */
export function understand(
  deps: LibraryDeps,
  files: Readonly<Record<string, string>>,
): WorkflowFolder {
  return readWorkflowFolder(files, {
    prefix: `${deps.settings.folder}/`,
    workflows: 'workflows/',
    personas: deps.builtin.personas,
    defaults: deps.builtin.files,
  });
}

function compile(
  deps: LibraryDeps,
  own: WorkflowFolder,
  commit: string | null,
  name: string,
  variant?: WorkflowDefinition,
): CompiledWorkflow {
  const definition = variant ?? definitionOf(deps, own, name);
  if (definition === undefined) return { type: 'unknown', suggestion: null };
  const compiled = compileDefinition(deps, own, commit, definition, name);
  if (compiled.ok) return { type: 'compiled', plan: compiled.plan };
  return { type: 'broken', problems: compiled.problems, commit: commit ?? '' };
}

/** Compiles a workflow with everything it calls, as a start in this repository would. */
export function compileDefinition(
  deps: LibraryDeps,
  own: WorkflowFolder,
  commit: string | null,
  definition: WorkflowDefinition,
  name = definition.spec.name,
): CompileResult {
  const isOwn = own.definitions.has(name);
  return compileWorkflow(definition, {
    resolve: (called) => own.definitions.get(called) ?? deps.builtin.definitions.get(called),
    workflowNames: [...names(deps, own)],
    personas: isOwn ? { ...deps.builtin.personas, ...own.personas } : deps.builtin.personas,
    source: {
      origin: isOwn ? 'repository' : 'built-in',
      path: definition.path,
      commit: isOwn ? commit : null,
      digest: `sha256:${createHash('sha256')
        .update(JSON.stringify([definition.spec, definition.amendments ?? null]))
        .digest('hex')}`,
    },
  });
}

function names(deps: LibraryDeps, own: WorkflowFolder): Set<string> {
  return new Set([...deps.builtin.definitions.keys(), ...own.definitions.keys()]);
}

function candidates(deps: LibraryDeps, own: WorkflowFolder): readonly Candidate[] {
  return [...names(deps, own)].flatMap((name) => {
    const spec = definitionOf(deps, own, name)?.spec;
    return spec === undefined ? [] : [{ spec, own: own.definitions.has(name) }];
  });
}

function definitionOf(
  deps: LibraryDeps,
  own: WorkflowFolder,
  name: string,
): WorkflowDefinition | undefined {
  return own.definitions.get(name) ?? deps.builtin.definitions.get(name);
}

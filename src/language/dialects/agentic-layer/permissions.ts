import type { JsonObject } from '../../../plan/json.ts';
import type { Access } from '../../../plan/plan.ts';
import { nearest } from '../../problems/nearest.ts';
import { accessFor } from './access.ts';
import type { LayerPhase } from './layer/layer.ts';
import type { LayerContext } from './layer/layer-context.ts';
import type { ConfigName, LayerFile, Right } from './layer/layer-schema.ts';
import { type OperationLimits, readToolConfigs } from './layer/tool-configs.ts';
import { isKnownPhase } from './phases.ts';

/** What each operation is called where people read it. */
export const OPERATIONS: Readonly<Record<ConfigName, Readonly<Record<string, string>>>> = {
  file_system: {
    read: 'read files',
    search: 'search files',
    write: 'create, change and delete files',
  },
  code_execution: {
    shell: 'run commands',
    test: 'run tests',
    lint: 'run linters',
    build: 'run builds',
  },
  external_apis: {
    git: 'use version control beyond reading it',
    issues: 'read issues',
    ci: 'read CI results',
    browser: 'open a browser',
  },
  context_providers: {
    index: 'use the index of the codebase',
    docs: 'read documentation',
    dependencies: 'analyse dependencies',
  },
};

/** Names of the tool files for the same operations. */
const SYNONYMS: Readonly<Record<string, string>> = {
  version_control: 'git',
  issue_tracker: 'issues',
  ci_cd: 'ci',
  codebase_index: 'index',
  documentation: 'docs',
  dependency_analyzer: 'dependencies',
  test_runners: 'test',
  linters: 'lint',
};

const CUSTOM = ['file_system.read', 'file_system.search'];

const MATRIX: Readonly<Record<string, readonly string[]>> = {
  intent: ['external_apis.issues', 'context_providers.index', 'context_providers.docs'],
  plan: [
    'external_apis.issues',
    'context_providers.index',
    'context_providers.docs',
    'context_providers.dependencies',
  ],
  build: [
    'file_system.write',
    'code_execution.shell',
    'code_execution.test',
    'code_execution.lint',
    'code_execution.build',
    'context_providers.index',
    'context_providers.docs',
    'context_providers.dependencies',
  ],
  test: [
    'file_system.write',
    'code_execution.shell',
    'code_execution.test',
    'context_providers.index',
  ],
  review: ['context_providers.index', 'context_providers.docs'],
  document: ['file_system.write', 'context_providers.docs'],
  deploy: ['code_execution.shell', 'external_apis.git', 'external_apis.ci'],
  monitor: ['code_execution.shell', 'external_apis.issues', 'external_apis.ci'],
};

const BY_RIGHT: Readonly<Record<Right, readonly string[]>> = {
  read: ['file_system.read', 'context_providers.docs'],
  search: ['file_system.search', 'context_providers.index'],
  execute: operationsOf('code_execution'),
  write: ['file_system.write'],
};

export interface Permissions {
  readonly access: Access;
  readonly allowed: ReadonlySet<string>;
  readonly limits: OperationLimits;
}

/** Reads the tool files once and answers for each phase. */
export function permissionsOf(
  file: Partial<LayerFile>,
  context: LayerContext,
): (phase: LayerPhase) => Permissions {
  const limits = readToolConfigs(file.tools?.configs ?? {}, canonical, context);
  return (phase) => {
    const allowed = new Set(granted(phase));
    for (const operation of limits.disabled) allowed.delete(operation);
    override(allowed, phase.name, file);
    return { access: accessOf(allowed), allowed, limits };
  };
}

/** Whether what `phase_overrides` names exists. Checked once, whatever the type of issue. */
export function checkOverrides(
  file: Partial<LayerFile>,
  phases: ReadonlySet<string>,
  context: LayerContext,
): void {
  for (const [phase, overrides] of Object.entries(file.tools?.phase_overrides ?? {})) {
    const at = ['tools', 'phase_overrides', phase];
    if (!phases.has(phase) && !isKnownPhase(phase)) {
      const message = `there is no phase \`${phase}\`.`;
      context.keyProblem(at, 'unknown-step', message, nearest(phase, phases));
    }
    for (const name of Object.keys(overrides)) {
      if (operationsNamed(name).length > 0) continue;
      const message = `there is no tool \`${name}\`; a tool is a category or category.operation.`;
      context.keyProblem([...at, name], 'bad-value', message, nearest(name, allNames()));
    }
  }
}

export function permissionFacts({ allowed, limits }: Permissions): JsonObject {
  return {
    allowed: [...allowed].toSorted(),
    read: limits.read,
    write: limits.write,
    commands: limits.commands,
    protected_branches: limits.protectedBranches,
  };
}

function granted({ name, tools }: LayerPhase): readonly string[] {
  if (tools !== null) return tools.flatMap((right) => BY_RIGHT[right]);
  return [...CUSTOM, ...(Object.hasOwn(MATRIX, name) ? (MATRIX[name] ?? []) : [])];
}

/** The finer key wins, wherever it is. */
function override(allowed: Set<string>, phase: string, file: Partial<LayerFile>): void {
  const all = file.tools?.phase_overrides ?? {};
  const overrides = Object.hasOwn(all, phase) ? Object.entries(all[phase] ?? {}) : [];
  const coarseFirst = overrides.toSorted(
    ([a], [b]) => Number(a.includes('.')) - Number(b.includes('.')),
  );
  for (const [name, setting] of coarseFirst) {
    for (const operation of operationsNamed(name)) {
      if (setting === 'enabled') allowed.add(operation);
      else allowed.delete(operation);
    }
  }
}

function accessOf(allowed: ReadonlySet<string>): Permissions['access'] {
  const executes = operationsOf('code_execution').some((name) => allowed.has(name));
  return accessFor({ executes, writes: allowed.has('file_system.write') });
}

/** `file_system` means all of its operations; an unknown name means none. */
function operationsNamed(name: string): readonly string[] {
  const [category = '', operation] = name.split('.');
  if (!isCategory(category)) return [];
  if (operation === undefined) return operationsOf(category);
  const found = `${category}.${canonical(operation)}`;
  return operationsOf(category).includes(found) ? [found] : [];
}

function canonical(operation: string): string {
  return (Object.hasOwn(SYNONYMS, operation) ? SYNONYMS[operation] : undefined) ?? operation;
}

function isCategory(name: string): name is ConfigName {
  return Object.hasOwn(OPERATIONS, name);
}

function operationsOf(category: ConfigName): readonly string[] {
  return Object.keys(OPERATIONS[category]).map((operation) => `${category}.${operation}`);
}

function allNames(): readonly string[] {
  const categories = Object.keys(OPERATIONS).filter(isCategory);
  return [...categories, ...categories.flatMap(operationsOf)];
}

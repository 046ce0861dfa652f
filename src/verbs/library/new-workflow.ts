import { STATE_LABELS } from '../../commands/from-label.ts';
import { findVerb } from '../../commands/verbs.ts';
import { diagnosesOf } from '../../doctor/diagnose-folder.ts';
import { type Diagnosis, isProblem } from '../../language/problems/diagnosis.ts';
import { renderNotProposed } from '../../render/answer/proposal.ts';
import type { LibraryDeps } from '../verb-deps.ts';
import { examineWorkflows } from './examine-workflows.ts';
import { understand, type Workflows } from './find-workflow.ts';

/** Why a new workflow cannot have that name; null if it can. */
export function nameRefusal(deps: LibraryDeps, { own }: Workflows, name: string): string | null {
  const isTaken =
    own.definitions.has(name) ||
    own.broken.some(({ names }) => names.includes(name)) ||
    [`workflows/${name}.yml`, `workflows/${name}.yaml`].some((path) => path in own.files);
  if (isTaken) return `this repository has a workflow \`${name}\` already`;
  if (deps.builtin.definitions.has(name))
    return `a workflow \`${name}\` comes with the app, and a file of that name would replace it`;
  if (findVerb(name) !== null || STATE_LABELS.some((label) => label === name))
    return `\`${name}\` is a word with a meaning of its own here`;
  return null;
}

export type Checked =
  | { readonly type: 'sound'; readonly description: string; readonly notes: readonly Diagnosis[] }
  | { readonly type: 'refused'; readonly answer: string };

/** Reads the file as it would be read on the default branch, and lets the doctor check it. */
export function checkNewWorkflow(
  deps: LibraryDeps,
  workflows: Workflows,
  name: string,
  text: string,
): Checked {
  const file = `workflows/${name}.yml`;
  const prefix = `${deps.settings.folder}/`;
  const own = understand(deps, { ...workflows.own.files, [file]: text });
  const all = examineWorkflows(deps, { own, commit: workflows.commit });
  const found = own.definitions.get(name);
  const definition = found?.path === prefix + file ? found : undefined;
  const about =
    definition === undefined
      ? all.filter(({ path }) => path === prefix + file)
      : diagnosesOf(definition, all, prefix);
  const problems = about.filter(isProblem);
  if (problems.length > 0) return { type: 'refused', answer: renderNotProposed(name, problems) };
  if (definition === undefined) {
    const problem = {
      path: file,
      line: 1,
      column: 1,
      rule: 'bad-value',
      severity: 'error',
      message: `the file has to hold a workflow with the name \`${name}\`.`,
    } as const;
    return { type: 'refused', answer: renderNotProposed(name, [problem]) };
  }
  return { type: 'sound', description: definition.spec.description, notes: about };
}

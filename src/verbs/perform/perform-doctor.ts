import type { DoctorCommand } from '../../commands/command.ts';
import { diagnosesOf } from '../../doctor/diagnose-folder.ts';
import { renderNoOwnWorkflows, renderShippedWorkflow } from '../../render/answer/answer.ts';
import { renderDiagnoses } from '../../render/answer/diagnoses.ts';
import { examineWorkflows } from '../library/examine-workflows.ts';
import { readWorkflows, type Workflows } from '../library/find-workflow.ts';
import type { Performed } from '../performed.ts';
import { ABOUT_NO_RUN, performer, type RequestFor } from '../performer.ts';
import type { VerbDeps } from '../verb-deps.ts';

/** Examines the repository's own workflows as they are on the default branch. */
export const performDoctor = performer<DoctorCommand, null>({
  about: async () => ABOUT_NO_RUN,
  act,
});

async function act(deps: VerbDeps, request: RequestFor<DoctorCommand>): Promise<Performed> {
  const { command, forge, repository } = request;
  const { folder } = deps.settings;
  const workflows = await readWorkflows(deps, forge, repository);
  const { own, commit } = workflows;
  if (commit === null || Object.keys(own.files).length === 0)
    return { moment: 'nothing-to-do', answer: renderNoOwnWorkflows(folder) };
  const { workflow: only } = command;
  if (only !== null && isShipped(workflows, only))
    return { moment: 'nothing-to-do', answer: renderShippedWorkflow(only) };
  const all = examineWorkflows(deps, workflows);
  const diagnoses = only === null ? all : aboutOne(deps, workflows, only, all);
  const facts = { commit, repositoryUrl: repository.htmlUrl, only };
  return {
    moment: 'nothing-to-do',
    answer: renderDiagnoses({ ...facts, diagnoses, workflows: countOf(workflows) }),
  };
}

function isShipped({ own }: Workflows, name: string): boolean {
  return !own.definitions.has(name) && !own.broken.some(({ names }) => names.includes(name));
}

function aboutOne(
  deps: VerbDeps,
  { own }: Workflows,
  name: string,
  all: ReturnType<typeof examineWorkflows>,
): ReturnType<typeof examineWorkflows> {
  const definition = own.definitions.get(name);
  if (definition !== undefined) return diagnosesOf(definition, all, `${deps.settings.folder}/`);
  const paths = own.broken
    .filter(({ names }) => names.includes(name))
    .flatMap(({ problems }) => problems.map(({ path }) => path));
  return all.filter(({ path }) => paths.includes(path));
}

function countOf({ own }: Workflows): number {
  return own.definitions.size + own.broken.length;
}

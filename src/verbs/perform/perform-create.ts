import { createHash } from 'node:crypto';
import type { CreateCommand } from '../../commands/command.ts';
import { starterFile } from '../../language/folder/starter-file.ts';
import { renderNotCreated, renderProposal, renderProposed } from '../../render/answer/proposal.ts';
import { readWorkflows } from '../library/find-workflow.ts';
import { checkNewWorkflow, nameRefusal } from '../library/new-workflow.ts';
import type { Performed } from '../performed.ts';
import { ABOUT_NO_RUN, performer, type RequestFor } from '../performer.ts';
import type { VerbDeps } from '../verb-deps.ts';

/** A new workflow never goes to the default branch by itself: people merge its pull request. */
export const performCreate = performer<CreateCommand, null>({
  about: async () => ABOUT_NO_RUN,
  act,
});

async function act(deps: VerbDeps, request: RequestFor<CreateCommand>): Promise<Performed> {
  const { command, forge, repository, number, actor } = request;
  const { prefix, folder, instance } = deps.settings;
  const workflows = await readWorkflows(deps, forge, repository);
  const { commit } = workflows;
  if (commit === null)
    return refused(`the repository has no commit on \`${repository.defaultBranch}\` yet`);
  const { name } = command;
  const taken = nameRefusal(deps, workflows, name);
  if (taken !== null) return refused(taken);
  const text = command.file === null ? starterFile(name, command.about) : `${command.file}\n`;
  const checked = checkNewWorkflow(deps, workflows, name, text);
  if (checked.type === 'refused') return { moment: 'not-understood', answer: checked.answer };

  // The command's own branch: anything already there was made by an earlier try.
  const branch = `${prefix}/create-${name}-${shortHash(request.key)}`;
  const open = await forge.findOpenPullRequests(`${prefix}/create-${name}-`);
  const other = open.find((pull) => pull.headBranch !== branch && isOf(pull.headBranch, name));
  if (other !== undefined) return refused(`#${other.number} proposes \`${name}\` already`);
  const path = `${folder}/workflows/${name}.yml`;
  const { description, notes } = checked;
  const view = renderProposal(
    { workflow: name, path, description, login: actor.login, number, prefix, notes },
    { instance, kind: 'pull-request', key: request.key },
  );
  const place = { branch, baseSha: commit, base: repository.defaultBranch };
  const pull = await forge.proposeFile({ ...place, path, text, ...view });
  return { moment: 'done', answer: renderProposed(name, pull.number, prefix) };
}

function refused(reason: string): Performed {
  return { moment: 'not-understood', answer: renderNotCreated(reason) };
}

/** `create-a-…` is not the branch of a workflow called `a-b`. */
function isOf(branch: string, name: string): boolean {
  return branch.replace(/-[0-9a-f]{12}$/, '').endsWith(`/create-${name}`);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

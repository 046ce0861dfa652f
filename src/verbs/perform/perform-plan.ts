import type { PlanCommand } from '../../commands/command.ts';
import type { RunContext } from '../../engine/state/run-context.ts';
import { overrideExecution } from '../../language/start/override-execution.ts';
import { renderNotStarted } from '../../render/answer/answer.ts';
import { renderParamProblems } from '../../render/answer/param-problems.ts';
import { previewPlan } from '../../render/preview/preview.ts';
import { renderPreviewComment } from '../../render/preview/render-preview.ts';
import { findWorkflow } from '../library/find-workflow.ts';
import { renderNotFound } from '../library/not-found.ts';
import type { Performed } from '../performed.ts';
import { ABOUT_NO_RUN, performer, type RequestFor } from '../performer.ts';
import { issueFacts } from '../start/issue-facts.ts';
import type { VerbDeps } from '../verb-deps.ts';

type PlanRequest = RequestFor<PlanCommand>;

/** Shows what starting a workflow would do here. Nothing is started. */
export const performPlan = performer<PlanCommand, null>({
  about: async () => ABOUT_NO_RUN,
  act,
});

async function act(deps: VerbDeps, request: PlanRequest): Promise<Performed> {
  const { command, forge, repository } = request;
  const { prefix } = deps.settings;
  const { workflow } = command;
  const wanted = { name: workflow, door: 'plan' } as const;
  const facts = issueFacts(request, command.params);
  const found = await findWorkflow(deps, forge, repository, wanted, facts);
  if (found.type !== 'found') {
    const answer = renderNotFound(workflow, found, { prefix, repository });
    return { moment: 'not-understood', answer };
  }
  const { plan, params, problems } = overrideExecution(found.plan, command.params);
  if (problems.length > 0) {
    const answer = renderNotStarted(renderParamProblems(problems));
    return { moment: 'not-understood', answer };
  }
  const context = await contextFor(deps, request);
  const preview = previewPlan(plan, { context, params });
  return { moment: 'nothing-to-do', answer: renderPreviewComment(preview) };
}

/** The run there would be, as far as it is known before it has an id. */
async function contextFor(deps: VerbDeps, request: PlanRequest): Promise<RunContext> {
  const { channel, forge, repository, number, command, trigger, installationId } = request;
  const issue = await forge.findItem(number);
  return {
    installationId,
    repository,
    subject: {
      type: issue?.isPullRequest === true ? 'pull-request' : 'issue',
      number,
      title: issue?.title ?? '',
      author: issue?.author ?? 'ghost',
    },
    branch: `${deps.settings.prefix}/${number}-${command.workflow}-…`,
    baseSha: '',
    baseRef: repository.defaultBranch,
    workflow: command.workflow,
    task: command.task ?? `${issue?.title ?? ''}\n\n${issue?.body ?? ''}`.trim(),
    origin: channel,
    trigger,
  };
}

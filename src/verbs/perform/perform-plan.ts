import { authorize } from '../../commands/authorize.ts';
import type { PlanCommand } from '../../commands/command.ts';
import type { RunContext } from '../../engine/state/run-context.ts';
import { findIssue } from '../../github/issues.ts';
import { overrideExecution } from '../../language/start/override-execution.ts';
import { renderNotStarted, renderUnknownWorkflow } from '../../render/answer/answer.ts';
import { renderElsewhere, renderSeveralWorkflows } from '../../render/answer/not-startable.ts';
import { renderParamProblems } from '../../render/answer/param-problems.ts';
import { renderProblems } from '../../render/answer/problems-comment.ts';
import { renderDenied } from '../../render/answer/refusal.ts';
import { previewPlan } from '../../render/preview/preview.ts';
import { renderPreviewComment } from '../../render/preview/render-preview.ts';
import { readCircumstances } from '../circumstances.ts';
import { findWorkflow } from '../library/find-workflow.ts';
import type { Performed } from '../perform-commands.ts';
import type { CommandRequest } from '../request.ts';
import { issueFacts } from '../start/issue-facts.ts';
import type { WebhookDeps } from '../webhook-deps.ts';

type PlanRequest = CommandRequest & { readonly command: PlanCommand };

/** Shows what a start of a workflow would do here. Nothing is started. */
export async function performPlan(deps: WebhookDeps, request: PlanRequest): Promise<Performed> {
  const { command, octokit, repository } = request;
  const { prefix } = deps.settings;
  const circumstances = await readCircumstances(deps, request, { stored: null, gate: null });
  const allowed = authorize(command, circumstances);
  if (!allowed.allowed) {
    if (allowed.silent) return { moment: null };
    return { moment: 'not-allowed', answer: renderDenied(allowed, prefix), isRefusal: true };
  }
  const { workflow } = command;
  const wanted = { name: workflow, door: 'plan' } as const;
  const facts = issueFacts(request, command.params);
  const found = await findWorkflow(deps, octokit, repository, wanted, facts);
  if (found.type === 'unknown') {
    const answer = renderUnknownWorkflow(workflow, found.suggestion, prefix);
    return { moment: 'not-understood', answer };
  }
  if (found.type === 'elsewhere')
    return { moment: 'not-understood', answer: renderElsewhere(found.spec, prefix) };
  if (found.type === 'several')
    return { moment: 'not-understood', answer: renderSeveralWorkflows(workflow, found.names) };
  if (found.type === 'broken') {
    const { problems, commit } = found;
    const answer = renderProblems({
      workflow,
      problems,
      commit,
      repositoryUrl: repository.htmlUrl,
    });
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

/** The run there would be, as far as it is known before it has a number. */
async function contextFor(deps: WebhookDeps, request: PlanRequest): Promise<RunContext> {
  const { octokit, repository, number, command, trigger, installationId } = request;
  const { owner, name } = repository;
  const issue = await findIssue(octokit, { owner, repo: name, number });
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
    origin: 'github',
    trigger,
  };
}

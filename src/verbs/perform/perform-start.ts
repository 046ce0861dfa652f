import type { NotNow } from '../../commands/admit.ts';
import { authorize } from '../../commands/authorize.ts';
import { changeLabels } from '../../github/labels.ts';
import type { Door } from '../../language/native/syntax/entrances.ts';
import { readStart } from '../../language/start/read-start.ts';
import {
  renderAlreadyRunning,
  renderNotStarted,
  renderUnknownWorkflow,
} from '../../render/answer/answer.ts';
import { renderNotNow, renderWaits } from '../../render/answer/not-now.ts';
import { renderElsewhere, renderSeveralWorkflows } from '../../render/answer/not-startable.ts';
import { renderParamProblems } from '../../render/answer/param-problems.ts';
import { renderProblems } from '../../render/answer/problems-comment.ts';
import { renderDenied } from '../../render/answer/refusal.ts';
import { readPostedLinks } from '../../runs/posted-links.ts';
import { type StartResult, startRun } from '../../runs/start-run.ts';
import { readCircumstances } from '../circumstances.ts';
import { findWorkflow } from '../library/find-workflow.ts';
import type { Performed } from '../perform-commands.ts';
import { issueFacts } from '../start/issue-facts.ts';
import { keptRequest } from '../start/kept-request.ts';
import { type StartRequest, startContext } from '../start/start-context.ts';
import { readStartFacts } from '../start/start-facts.ts';
import type { WebhookDeps } from '../webhook-deps.ts';

/** Starts a workflow on an issue or a pull request. */
export async function performStart(deps: WebhookDeps, request: StartRequest): Promise<Performed> {
  const performed = await start(deps, request);
  // A label that started nothing does not stay as if it had.
  if (performed.moment !== 'admitted' && performed.moment !== null) await takeLabelOff(request);
  return performed;
}

async function start(deps: WebhookDeps, request: StartRequest): Promise<Performed> {
  const { command, octokit, repository } = request;
  const { prefix } = deps.settings;
  const wanted = { name: command.workflow, door: doorOf(request) };
  const found = await findWorkflow(
    deps,
    octokit,
    repository,
    wanted,
    issueFacts(request, command.params),
  );
  // What is not found is answered to those only who could have started it.
  const by = found.type === 'found' ? { by: found.entrance.by } : {};
  const about = { stored: null, gate: null, ...by };
  const circumstances = await readCircumstances(deps, request, about);
  const allowed = authorize(command, circumstances);
  if (!allowed.allowed) {
    if (allowed.silent) return { moment: null };
    return { moment: 'not-allowed', answer: renderDenied(allowed, prefix), isRefusal: true };
  }
  if (found.type === 'elsewhere')
    return { moment: 'not-understood', answer: renderElsewhere(found.spec, prefix) };
  if (found.type === 'several')
    return {
      moment: 'not-understood',
      answer: renderSeveralWorkflows(command.workflow, found.names),
    };
  if (found.type === 'unknown') {
    return {
      moment: 'not-understood',
      answer: renderUnknownWorkflow(command.workflow, found.suggestion, prefix),
    };
  }
  if (found.type === 'broken') {
    const { problems, commit } = found;
    const facts = {
      workflow: command.workflow,
      problems,
      commit,
      repositoryUrl: repository.htmlUrl,
    };
    return { moment: 'not-understood', answer: renderProblems(facts) };
  }
  const read = readStart(found.plan, command.params);
  if (!read.ok) return notStarted(renderParamProblems(read.problems));
  const runId = deps.runs.newRunId();
  const context = await startContext(deps, request, { ...found, runId });
  if (typeof context === 'string') return notStarted(context);

  const { gateExpireMs, gateRemindersMs } = deps.settings;
  const plan = {
    ...read.plan,
    policies: { ...read.plan.policies, gateExpireMs, gateRemindersMs },
  };
  const rules = plan.policies.start;
  const started = await startRun(deps.runs, {
    runId,
    plan,
    context,
    params: read.params,
    startKey: request.startKey ?? request.key,
    request: keptRequest(request),
    ...(rules !== undefined && { onGitHub: await readStartFacts(deps, request, rules) }),
  });
  return outcomeOf(deps, started, plan.name);
}

async function outcomeOf(
  deps: WebhookDeps,
  started: StartResult,
  workflow: string,
): Promise<Performed> {
  if (started.type === 'started' || started.type === 'repeated') return { moment: 'admitted' };
  const inTheWay = started.type === 'waits' ? started.runId : busyWith(started.reason);
  const url = inTheWay === null ? null : (await readPostedLinks(deps.runs, inTheWay)).runComment;
  if (started.type === 'waits') {
    const answer = renderWaits(workflow, { id: started.runId, url }, deps.settings.prefix);
    return { moment: 'admitted', answer, waits: true };
  }
  return {
    moment: 'not-understood',
    answer:
      inTheWay === null
        ? renderNotNow(started.reason, workflow)
        : renderAlreadyRunning(workflow, inTheWay, url),
  };
}

function busyWith(reason: NotNow): string | null {
  return reason.code === 'busy' ? reason.runId : null;
}

/** Buttons and Re-run belong to a check, so they start again what ran there before. */
function doorOf({ trigger }: StartRequest): Door | 'again' {
  if (trigger.via === 'label') return 'label';
  return trigger.via === 'comment' ? 'command' : 'again';
}

function notStarted(reason: string): Performed {
  return { moment: 'not-understood', answer: renderNotStarted(reason) };
}

async function takeLabelOff({ octokit, repository, number, trigger }: StartRequest): Promise<void> {
  if (trigger.via !== 'label') return;
  const item = { owner: repository.owner, repo: repository.name, number };
  await changeLabels(octokit, item, { add: [], remove: [trigger.text] }, { urgent: true });
}

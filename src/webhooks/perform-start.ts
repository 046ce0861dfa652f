import { authorize } from '../commands/authorize.ts';
import type { StartCommand } from '../commands/command.ts';
import type { RunContext } from '../engine/run-context.ts';
import { findIssue, type Issue } from '../github/issues.ts';
import { changeLabels } from '../github/labels.ts';
import { findPullRequest } from '../github/pull-requests.ts';
import { findBranch } from '../github/repository.ts';
import { renderAlreadyRunning, renderNotStarted, renderUnknownWorkflow } from '../render/answer.ts';
import { renderProblems } from '../render/problems-comment.ts';
import { renderDenied } from '../render/refusal.ts';
import { readPostedLinks } from '../runs/posted-links.ts';
import { startRun } from '../runs/start-run.ts';
import type { Plan } from '../workflow/plan.ts';
import { readCircumstances } from './circumstances.ts';
import { findWorkflow } from './find-workflow.ts';
import type { Performed } from './perform-commands.ts';
import type { CommandRequest } from './request.ts';
import type { WebhookDeps } from './webhook-deps.ts';

type StartRequest = CommandRequest & { readonly command: StartCommand };

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
  const circumstances = await readCircumstances(deps, request, { stored: null, gate: null });
  const allowed = authorize(command, circumstances);
  if (!allowed.allowed) {
    if (allowed.silent) return { moment: null };
    return { moment: 'not-allowed', answer: renderDenied(allowed, prefix), isRefusal: true };
  }

  const found = await findWorkflow(deps, octokit, repository, command.workflow);
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
  const missing = missingParams(found.plan, command);
  if (missing.length > 0)
    return notStarted(`it needs ${missing.map((name) => `\`${name}=…\``).join(', ')}`);
  const runId = deps.runs.newRunId();
  const context = await contextFor(deps, request, found.plan, runId);
  if (typeof context === 'string') return notStarted(context);

  const { plan } = found;
  const params = { ...defaultsOf(plan), ...command.params };
  const started = await startRun(deps.runs, {
    runId,
    plan,
    context,
    params,
    startKey: request.key,
  });
  if (started.type !== 'busy') return { moment: 'admitted' };
  const { runComment } = await readPostedLinks(deps.runs, started.runId);
  return {
    moment: 'not-understood',
    answer: renderAlreadyRunning(plan.name, started.runId, runComment),
  };
}

function notStarted(reason: string): Performed {
  return { moment: 'not-understood', answer: renderNotStarted(reason) };
}

/** What the run is about, as it is now; or why it cannot be worked on. */
async function contextFor(
  deps: WebhookDeps,
  request: StartRequest,
  plan: Plan,
  runId: string,
): Promise<RunContext | string> {
  const { octokit, repository, number, command, trigger, installationId } = request;
  const name = { owner: repository.owner, repo: repository.name };
  const issue = await findIssue(octokit, { ...name, number });
  if (issue === null) return 'it is not there any more';
  const base = issue.isPullRequest
    ? await pullRequestBase(request, plan)
    : await defaultBase(request);
  if (typeof base === 'string') return base;
  const { prefix } = deps.settings;
  return {
    installationId,
    repository,
    subject: {
      type: issue.isPullRequest ? 'pull-request' : 'issue',
      number,
      title: issue.title,
      author: issue.author ?? 'ghost',
    },
    branch: `${prefix}/${number}-${plan.name}-${runId}`,
    ...base,
    workflow: plan.name,
    task: command.task ?? taskOf(issue),
    origin: 'github',
    trigger,
  };
}

type Base = Pick<RunContext, 'baseSha' | 'baseRef'>;

async function defaultBase({ octokit, repository }: StartRequest): Promise<Base | string> {
  const name = { owner: repository.owner, repo: repository.name };
  const branch = await findBranch(octokit, name, repository.defaultBranch);
  if (branch === null) return `the repository has no commit on \`${repository.defaultBranch}\` yet`;
  return { baseSha: branch.sha, baseRef: branch.name };
}

/** Work on a pull request starts from its head, and goes back into its branch as a pull request of its own. */
async function pullRequestBase(
  { octokit, repository, number }: StartRequest,
  plan: Plan,
): Promise<Base | string> {
  const pull = await findPullRequest(octokit, {
    owner: repository.owner,
    repo: repository.name,
    number,
  });
  if (pull === null) return 'the pull request is not there any more';
  if (pull.state === 'closed') return 'the pull request is closed';
  if (!pull.fromFork) return { baseSha: pull.headSha, baseRef: pull.headBranch };
  if (writes(plan))
    return 'the pull request comes from a fork, which only workflows without writing steps can work on';
  return { baseSha: pull.headSha, baseRef: pull.baseBranch };
}

function writes(plan: Plan): boolean {
  const nodes = Object.values(plan.graphs).flatMap((graph) => graph.nodes);
  return nodes.some(({ workspace }) => workspace === 'write' || workspace === 'isolated');
}

function taskOf(issue: Issue): string {
  return `${issue.title}\n\n${issue.body}`.trim();
}

function missingParams(plan: Plan, command: StartCommand): string[] {
  return Object.entries(plan.policies.params)
    .filter(([name, spec]) => spec.required && spec.default === null && !(name in command.params))
    .map(([name]) => name);
}

function defaultsOf(plan: Plan): StartCommand['params'] {
  const given = Object.entries(plan.policies.params).filter(([, spec]) => spec.default !== null);
  return Object.fromEntries(given.map(([name, spec]) => [name, spec.default]));
}

async function takeLabelOff({ octokit, repository, number, trigger }: StartRequest): Promise<void> {
  if (trigger.via !== 'label') return;
  const item = { owner: repository.owner, repo: repository.name, number };
  await changeLabels(octokit, item, { add: [], remove: [trigger.text] });
}

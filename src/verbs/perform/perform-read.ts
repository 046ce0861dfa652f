import { authorize, type Circumstances } from '../../commands/authorize.ts';
import type { HelpCommand, ListCommand, StatusCommand } from '../../commands/command.ts';
import { renderEnough } from '../../render/answer/answer.ts';
import { renderHelp } from '../../render/answer/help.ts';
import { renderList } from '../../render/answer/list.ts';
import { renderDenied } from '../../render/answer/refusal.ts';
import { renderStatus } from '../../render/answer/status.ts';
import type { ReportInput } from '../../render/comment/report-input.ts';
import { ANSWERS_PER_HOUR, hasAskedEnough } from '../../runs/count-asking.ts';
import { readPostedLinks } from '../../runs/posted-links.ts';
import { readQuiet } from '../../runs/read-quiet.ts';
import { readThreadRuns, type StoredRun } from '../../runs/thread-runs.ts';
import { readCircumstances } from '../circumstances.ts';
import { isOutsider } from '../is-outsider.ts';
import { listWorkflowNames, listWorkflows } from '../library/find-workflow.ts';
import type { Performed } from '../perform-commands.ts';
import type { CommandRequest } from '../request.ts';
import type { WebhookDeps } from '../webhook-deps.ts';

/** The workflows of this repository. */
export function performList(
  deps: WebhookDeps,
  request: CommandRequest & { readonly command: ListCommand },
): Promise<Performed> {
  return answering(deps, request, async () =>
    renderList(
      await listWorkflows(deps, request.octokit, request.repository),
      deps.settings.prefix,
    ),
  );
}

export function performHelp(
  deps: WebhookDeps,
  request: CommandRequest & { readonly command: HelpCommand },
): Promise<Performed> {
  const { prefix, bareCommands } = deps.settings;
  return answering(deps, request, async () => {
    const { launchers: workflows } = await listWorkflowNames(
      deps,
      request.octokit,
      request.repository,
    );
    return renderHelp(request.command.topic, { prefix, bare: bareCommands, workflows });
  });
}

/** What runs on this thread and what it waits for. */
export function performStatus(
  deps: WebhookDeps,
  request: CommandRequest & { readonly command: StatusCommand },
): Promise<Performed> {
  return answering(deps, request, async () => {
    const runs = await readThreadRuns(deps.runs, {
      repositoryId: request.repository.id,
      number: request.number,
    });
    const inputs = await Promise.all(runs.map((stored) => inputFor(deps, stored)));
    return renderStatus(inputs, deps.settings.prefix);
  });
}

async function answering(
  deps: WebhookDeps,
  request: CommandRequest,
  answer: () => Promise<string>,
): Promise<Performed> {
  const circumstances = await readCircumstances(deps, request, { stored: null, gate: null });
  const allowed = authorize(request.command, circumstances);
  if (allowed.allowed) {
    if (await hasEnough(deps, request, circumstances))
      return { moment: 'not-understood', answer: renderEnough(ANSWERS_PER_HOUR), isRefusal: true };
    return { moment: 'nothing-to-do', answer: await answer() };
  }
  if (allowed.silent) return { moment: null };
  return {
    moment: 'not-allowed',
    answer: renderDenied(allowed, deps.settings.prefix),
    isRefusal: true,
  };
}

/** Those who work here ask as often as they like; anybody else could fill a thread through us. */
async function hasEnough(
  deps: WebhookDeps,
  { key, repository, actor }: CommandRequest,
  { permission }: Circumstances,
): Promise<boolean> {
  if (!isOutsider(permission)) return false;
  return hasAskedEnough(deps.runs, { key, repositoryId: repository.id, login: actor.login });
}

async function inputFor(
  deps: WebhookDeps,
  { run, plan, context }: StoredRun,
): Promise<ReportInput> {
  const { prefix, bareCommands, instance, version } = deps.settings;
  return {
    plan,
    run,
    context,
    records: [],
    outputs: {},
    links: { runPage: null, ...(await readPostedLinks(deps.runs, run.id)) },
    quiet: await readQuiet(deps.runs, run, deps.settings.quietAfterMs),
    now: deps.runs.now(),
    settings: {
      prefix,
      bare: bareCommands,
      instance,
      version,
      mention: 'none',
      endComment: 'never',
    },
  };
}

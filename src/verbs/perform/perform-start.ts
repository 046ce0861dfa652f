import type { NotNow } from '../../commands/admit.ts';
import type { StartCommand } from '../../commands/command.ts';
import type { Trigger } from '../../engine/state/run-context.ts';
import type { Door } from '../../language/native/syntax/entrances.ts';
import { readStart } from '../../language/start/read-start.ts';
import { renderAlreadyRunning, renderNotStarted } from '../../render/answer/answer.ts';
import { renderParamProblems } from '../../render/answer/param-problems.ts';
import { renderNotNow, renderWaits } from '../../render/answer/start-put-off.ts';
import { readPostedLinks } from '../../runs/posted-links.ts';
import { type StartResult, startRun } from '../../runs/start-run.ts';
import { findWorkflow } from '../library/find-workflow.ts';
import { renderNotFound, type Startable } from '../library/not-found.ts';
import type { Performed } from '../performed.ts';
import { type About, type Authorized, type LookupFor, performer } from '../performer.ts';
import { issueFacts } from '../start/issue-facts.ts';
import { keptRequest } from '../start/kept-request.ts';
import { startContext } from '../start/start-context.ts';
import { readStartFacts } from '../start/start-facts.ts';
import type { StartRequest } from '../start/start-request.ts';
import type { LookupDeps, VerbDeps } from '../verb-deps.ts';

/** Starts a workflow on an issue or a pull request. */
export const performStart = performer<StartCommand, Startable>({ about, act });

async function about(
  deps: LookupDeps,
  request: LookupFor<StartCommand>,
): Promise<About<Startable>> {
  const { command, forge, repository } = request;
  const { prefix } = deps.settings;
  const wanted = { name: command.workflow, door: DOORS[request.trigger.via] };
  const facts = issueFacts(request, command.params);
  const found = await findWorkflow(deps, forge, repository, wanted, facts);
  const ruling = { stored: null, gate: null };
  if (found.type === 'found')
    return { type: 'target', target: found, ...ruling, by: found.entrance.by };
  // Only those who could have started it are told that it was not found.
  const answer = () => renderNotFound(command.workflow, found, { prefix, repository });
  return { type: 'unclear', answer, ...ruling };
}

async function act(
  deps: VerbDeps,
  request: StartRequest,
  { target: found }: Authorized<Startable>,
): Promise<Performed> {
  const { command } = request;
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
  deps: VerbDeps,
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

/** Naming a workflow is a start by command; buttons and Re-run belong to a check, so they restart what ran there before. */
const DOORS: Readonly<Record<Trigger['via'], Door | 'again'>> = {
  label: 'label',
  comment: 'command',
  cli: 'command',
  dashboard: 'command',
  client: 'command',
  button: 'again',
  rerun: 'again',
  schedule: 'again',
  fallback: 'again',
};

function notStarted(reason: string): Performed {
  return { moment: 'not-understood', answer: renderNotStarted(reason) };
}

import type { RunContext } from '../../engine/state/run-context.ts';
import type { Entrance } from '../../language/native/syntax/entrances.ts';
import { writes } from '../../plan/kinds.ts';
import type { Plan } from '../../plan/plan.ts';
import type { VerbDeps } from '../verb-deps.ts';
import { readTask } from './read-task.ts';
import type { StartRequest } from './start-request.ts';

export interface Chosen {
  readonly plan: Plan;
  readonly entrance: Entrance;
  readonly runId: string;
}

/** What the run is about, as it is now; or why it cannot be worked on. */
export async function startContext(
  deps: VerbDeps,
  request: StartRequest,
  { plan, entrance, runId }: Chosen,
): Promise<RunContext | string> {
  const { channel, forge, repository, number, trigger, installationId } = request;
  const issue = await forge.findItem(number);
  if (issue === null) return 'it is not there any more';
  if (!entrance.items.includes(issue.isPullRequest ? 'pr' : 'issue'))
    return `it works on ${issue.isPullRequest ? 'issues' : 'pull requests'} only`;
  const start = issue.isPullRequest
    ? await pullRequestBase(request, plan)
    : await defaultBase(request);
  if (typeof start === 'string') return start;
  const { change, ...base } = start;
  const { prefix } = deps.settings;
  const read = await readTask(request, issue, plan.policies.context, prefix);
  if (typeof read === 'string') return read;
  return {
    installationId,
    repository,
    subject: {
      type: issue.isPullRequest ? 'pull-request' : 'issue',
      number,
      title: issue.title,
      author: issue.author ?? 'ghost',
      ...(change !== null && { change }),
      ...(read.withheld && { withheld: true }),
    },
    branch: `${prefix}/${number}-${plan.name}-${runId}`,
    ...base,
    workflow: plan.name,
    task: read.task,
    origin: channel,
    trigger: entrance.consume ? trigger : { ...trigger, keepsLabel: true },
  };
}

interface Start extends Pick<RunContext, 'baseSha' | 'baseRef'> {
  /** What is already there to look at; null if nothing, as on an issue. */
  readonly change: NonNullable<RunContext['subject']['change']> | null;
}

async function defaultBase({ forge, repository }: StartRequest): Promise<Start | string> {
  const branch = await forge.findBranch(repository.defaultBranch);
  if (branch === null) return `the repository has no commit on \`${repository.defaultBranch}\` yet`;
  return { baseSha: branch.sha, baseRef: branch.name, change: null };
}

/** Work on a pull request starts from its head, and goes back to its branch in a pull request of its own. */
async function pullRequestBase(
  { forge, number }: StartRequest,
  plan: Plan,
): Promise<Start | string> {
  const pull = await forge.findPullRequest(number);
  if (pull === null) return 'the pull request is not there any more';
  if (pull.state === 'closed') return 'the pull request is closed';
  if (pull.fromFork && isWriting(plan))
    return 'the pull request comes from a fork, which only workflows without writing steps can work on';
  const from = await forge.findMergeBase(pull.baseBranch, pull.headSha);
  return {
    baseSha: pull.headSha,
    baseRef: pull.fromFork ? pull.baseBranch : pull.headBranch,
    change: from === null ? null : { from, into: pull.baseBranch },
  };
}

function isWriting(plan: Plan): boolean {
  const nodes = Object.values(plan.graphs).flatMap((graph) => graph.nodes);
  return nodes.some(writes);
}

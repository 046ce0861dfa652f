import { findIssue } from '../../github/issues.ts';
import { listPullRequestFiles } from '../../github/pull-request-files.ts';
import { findPullRequest, findPullRequestOfBranch } from '../../github/pull-requests.ts';
import {
  type Arguments,
  CallableError,
  type CallableFunction,
  type CallContext,
  itemOf,
} from './callable.ts';

const MAX_FILES = 3_000;

export const issue: CallableFunction = async (context, args) => {
  const number = args.number('number') ?? context.attempt.stored.context.subject.number;
  const found = await findIssue(context.octokit(), itemOf(context, number));
  if (found === null) throw new CallableError(`There is no issue #${number}.`);
  return { ...found, labels: [...found.labels] };
};

export const pullRequest: CallableFunction = async (context, args) => {
  const number = await pullNumber(context, args);
  const found = await findPullRequest(context.octokit(), itemOf(context, number));
  if (found === null) throw new CallableError(`There is no pull request #${number}.`);
  return { ...found, labels: [...found.labels] };
};

export const pullRequestFiles: CallableFunction = async (context, args) => {
  const number = await pullNumber(context, args);
  const limit = args.count('limit', 300, MAX_FILES);
  const files = await listPullRequestFiles(context.octokit(), itemOf(context, number), limit);
  return { number, count: files.length, files: files.map((file) => ({ ...file })) };
};

/** The named one, else the run's subject, else that of the run's branch. */
async function pullNumber(context: CallContext, args: Arguments): Promise<number> {
  const { subject, branch, repository } = context.attempt.stored.context;
  const named = args.number('number');
  if (named !== null) return named;
  if (subject.type === 'pull-request') return subject.number;
  const name = { owner: repository.owner, repo: repository.name };
  const own = await findPullRequestOfBranch(context.octokit(), name, branch);
  if (own !== null) return own.number;
  throw new CallableError('The run has no pull request yet; name one with `number`.');
}

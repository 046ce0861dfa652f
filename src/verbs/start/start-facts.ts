import { findIssue } from '../../github/issues.ts';
import { findOpenPullRequests } from '../../github/pull-requests.ts';
import { searchItems } from '../../github/search.ts';
import type { StartRules } from '../../plan/plan.ts';
import type { GitHubFacts } from '../../runs/decide-start.ts';
import type { WebhookDeps } from '../webhook-deps.ts';
import type { StartRequest } from './start-request.ts';

/** What the rules of a start ask about GitHub, and nothing else. */
export async function readStartFacts(
  deps: WebhookDeps,
  { octokit, repository, number }: StartRequest,
  { skipIf }: StartRules,
): Promise<GitHubFacts> {
  const name = { owner: repository.owner, repo: repository.name };
  const { labels = [], search = null, maxOpenPulls = null } = skipIf ?? {};
  const issue = labels.length === 0 ? null : await findIssue(octokit, { ...name, number });
  return {
    labels: issue?.labels ?? [],
    search: search === null ? 'none' : await searchItems(octokit, name, search),
    openPulls:
      maxOpenPulls === null
        ? 0
        : (await findOpenPullRequests(octokit, name, `${deps.settings.prefix}/`)).length,
  };
}

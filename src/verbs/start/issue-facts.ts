import { findIssue } from '../../github/issues.ts';
import type { IssueFacts } from '../../language/start/choose-variant.ts';
import type { JsonObject } from '../../plan/json.ts';
import type { CommandRequest } from '../request.ts';
import { readOwners } from './read-owners.ts';

/** Workflows may differ by the type of an issue (a parameter says it, else its labels) and by team. */
export function issueFacts(
  request: Pick<CommandRequest, 'octokit' | 'repository' | 'number'>,
  { issue_type: type }: Readonly<JsonObject>,
): IssueFacts {
  const { octokit, repository, number } = request;
  const item = { owner: repository.owner, repo: repository.name, number };
  return {
    type: typeof type === 'string' ? type.trim() : null,
    labels: async () => (await findIssue(octokit, item))?.labels ?? [],
    owners: async () => {
      const isPullRequest = (await findIssue(octokit, item))?.isPullRequest === true;
      return isPullRequest ? readOwners(request) : [];
    },
  };
}

import type { IssueFacts } from '../../language/start/choose-variant.ts';
import type { JsonObject } from '../../plan/json.ts';
import type { LookupRequest } from '../request.ts';
import { readOwners } from './read-owners.ts';

/** Workflows may differ by issue type (given by a parameter, else by labels) and by team. */
export function issueFacts(
  request: Pick<LookupRequest, 'forge' | 'repository' | 'number'>,
  { issue_type: type }: Readonly<JsonObject>,
): IssueFacts {
  const { forge, number } = request;
  return {
    type: typeof type === 'string' ? type.trim() : null,
    labels: async () => (await forge.findItem(number))?.labels ?? [],
    owners: async () => {
      const isPullRequest = (await forge.findItem(number))?.isPullRequest === true;
      return isPullRequest ? readOwners(request) : [];
    },
  };
}

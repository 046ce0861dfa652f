import type { TeamName } from '../forge/people.ts';
import type { Octokit } from './client.ts';
import { orNull } from './github-error.ts';

/**
 * Whether a person is an active member of a team; false for an unknown team too. Without permission
 * to read members it throws `forbidden`, so that "may not look" is not taken for "is none".
 */
export async function isTeamMember(
  octokit: Octokit,
  team: TeamName,
  username: string,
): Promise<boolean> {
  const answer = await orNull(
    octokit.rest.teams.getMembershipForUserInOrg({
      org: team.org,
      team_slug: team.slug,
      username,
    }),
  );
  return answer?.data.state === 'active';
}

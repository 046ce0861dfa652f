import type { Permission } from '../forge/people.ts';
import type { Octokit, RepositoryName } from './client.ts';
import { orNull } from './github-error.ts';

/** What a person may do in a repository; null if GitHub knows no such person there. */
export async function readPermission(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  username: string,
): Promise<Permission | null> {
  const answer = await orNull(
    octokit.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username }),
  );
  if (answer === null) return null;
  return { permission: answer.data.permission, roleName: answer.data.role_name };
}

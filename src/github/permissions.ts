import type { Octokit, RepositoryName } from './client.ts';
import { orNull } from './github-error.ts';

export interface CollaboratorPermission {
  /** GitHub's four old levels: maintain shows as write, triage as read. */
  readonly permission: string;
  /** The real role, or the name of a custom one. */
  readonly roleName: string;
}

/** What a person may do in a repository; null when GitHub knows no such person there. */
export async function readPermission(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  username: string,
): Promise<CollaboratorPermission | null> {
  const answer = await orNull(
    octokit.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username }),
  );
  if (answer === null) return null;
  return { permission: answer.data.permission, roleName: answer.data.role_name };
}

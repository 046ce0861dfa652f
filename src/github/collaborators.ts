import type { Collaborator } from '../forge/people.ts';
import type { Octokit, RepositoryName } from './client.ts';

const PER_PAGE = 100;
const MAX_PAGES = 5;

/** Everybody with more than read access, however they got it; null if too many to look at. */
export async function listCollaborators(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
): Promise<readonly Collaborator[] | null> {
  const all: Collaborator[] = [];
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { data } = await octokit.rest.repos.listCollaborators({
      owner,
      repo,
      affiliation: 'all',
      permission: 'triage',
      per_page: PER_PAGE,
      page,
    });
    all.push(
      ...data.map(({ login, type, role_name, permissions }) => ({
        login,
        type,
        roleName: role_name,
        permission: levelOf(permissions ?? {}),
      })),
    );
    if (data.length < PER_PAGE) return all;
  }
  return null;
}

/** The old level that the permission API would report. */
function levelOf({ admin, push, pull }: Record<string, unknown>): string {
  if (admin === true) return 'admin';
  if (push === true) return 'write';
  return pull === true ? 'read' : 'none';
}

import { readFile } from '../../github/contents.ts';
import { listPullRequestFiles } from '../../github/pull-request-files.ts';
import { findBranch } from '../../github/repository.ts';
import { owningTeams, readCodeOwners } from '../../language/folder/code-owners.ts';
import type { CommandRequest } from '../request.ts';

/** Where GitHub looks, in its order; only the first file counts. */
const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
const MAX_FILES = 100;

/** Teams that own what a pull request changes, as the default branch says: its author must not choose. */
export async function readOwners({
  octokit,
  repository,
  number,
}: Pick<CommandRequest, 'octokit' | 'repository' | 'number'>): Promise<readonly string[]> {
  const name = { owner: repository.owner, repo: repository.name };
  const branch = await findBranch(octokit, name, repository.defaultBranch);
  if (branch === null) return [];
  for (const path of PLACES) {
    const file = await readFile(octokit, name, { commit: branch.sha, path });
    if (file === null) continue;
    if (file.type !== 'text') return [];
    const files = await listPullRequestFiles(octokit, { ...name, number }, MAX_FILES);
    const paths = files.map((changed) => changed.path);
    return owningTeams(readCodeOwners(file.text), paths, repository.owner);
  }
  return [];
}

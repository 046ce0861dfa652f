import { owningTeams, readCodeOwners } from '../../language/folder/code-owners.ts';
import type { LookupRequest } from '../request.ts';

/** Where GitHub looks, in its order; only the first file counts. */
const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
const MAX_FILES = 100;

/** Teams that own what a pull request changes, by the default branch: its author must not choose. */
export async function readOwners({
  forge,
  repository,
  number,
}: Pick<LookupRequest, 'forge' | 'repository' | 'number'>): Promise<readonly string[]> {
  const branch = await forge.findBranch(repository.defaultBranch);
  if (branch === null) return [];
  for (const path of PLACES) {
    const file = await forge.findFile({ commit: branch.sha, path });
    if (file === null) continue;
    if (file.type !== 'text') return [];
    const paths = await forge.listChangedPaths(number, MAX_FILES);
    return owningTeams(readCodeOwners(file.text), paths, repository.owner);
  }
  return [];
}

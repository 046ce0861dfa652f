import type { ForgeOf } from '../forge/forge.ts';
import type { RepositoryName } from './client.ts';
import { listCollaborators } from './collaborators.ts';
import { listLatestComments } from './comments.ts';
import { readFile } from './contents.ts';
import { FolderCache } from './folder-cache.ts';
import { hasMergedPullRequest } from './has-merged-pull-request.ts';
import { findIssue } from './issues.ts';
import { changeLabels } from './labels.ts';
import { findMergeBase } from './merge-base.ts';
import type { GitHub } from './octokit.ts';
import { readPermission } from './permissions.ts';
import { proposeFile } from './propose-file.ts';
import { listPullRequestFiles } from './pull-request-files.ts';
import { findOpenPullRequests, findPullRequest } from './pull-requests.ts';
import { addReaction } from './reactions.ts';
import { findBranch } from './repository.ts';
import { searchItems } from './search.ts';
import { isTeamMember } from './teams.ts';

/** Somebody is waiting for what a command does and shows, so it goes before everything else. */
const URGENT = { urgent: true } as const;

/** Repositories on GitHub. Folders that were read are cached for all of them. */
export function forgesOfGitHub(github: Pick<GitHub, 'installation'>): ForgeOf {
  const folders = new FolderCache();
  return (installationId, { owner, name }) => {
    const octokit = github.installation(installationId);
    const repository: RepositoryName = { owner, repo: name };
    const item = (number: number) => ({ ...repository, number });
    return {
      findBranch: (branch) => findBranch(octokit, repository, branch),
      findFolder: (at) => folders.read(octokit, repository, at),
      findFile: (at) => readFile(octokit, repository, at),
      findMergeBase: (base, head) => findMergeBase(octokit, repository, base, head),

      findItem: (number) => findIssue(octokit, item(number)),
      findPullRequest: (number) => findPullRequest(octokit, item(number)),
      findOpenPullRequests: (prefix) => findOpenPullRequests(octokit, repository, prefix),
      async listChangedPaths(number, limit) {
        const files = await listPullRequestFiles(octokit, item(number), limit);
        return files.map(({ path }) => path);
      },
      listLatestComments: (number, limit) => listLatestComments(octokit, item(number), limit),
      searchItems: (query) => searchItems(octokit, repository, query),

      findPermission: (login) => readPermission(octokit, repository, login),
      isTeamMember: (team, login) => isTeamMember(octokit, team, login),
      listCollaborators: () => listCollaborators(octokit, repository),
      hasMergedPullRequest: (login) => hasMergedPullRequest(octokit, repository, login),

      addReaction: (target, content) => addReaction(octokit, repository, target, content, URGENT),
      changeLabels: (number, change) => changeLabels(octokit, item(number), change, URGENT),
      proposeFile: (file) => proposeFile(octokit, repository, file),
    };
  };
}

import type { ProposedFile } from '../forge/contents.ts';
import type { Octokit, RepositoryName } from './client.ts';
import { readFile } from './contents.ts';
import { isGitHubError } from './github-error.ts';
import { ensurePullRequest, type PullRequest } from './pull-requests.ts';
import { findBranch } from './repository.ts';

/** A branch with one more file, and its pull request. Reads first, so two calls make only one. */
export async function proposeFile(
  octokit: Octokit,
  name: RepositoryName,
  file: ProposedFile,
): Promise<PullRequest> {
  await ensureBranch(octokit, name, file);
  await ensureFile(octokit, name, file);
  const { title, body, branch: head, base } = file;
  return ensurePullRequest(octokit, name, { title, body, head, base, draft: false });
}

async function ensureBranch(
  octokit: Octokit,
  name: RepositoryName,
  { branch, baseSha }: ProposedFile,
): Promise<void> {
  await unlessThere(
    async () => (await findBranch(octokit, name, branch)) !== null,
    () => octokit.rest.git.createRef({ ...name, ref: `refs/heads/${branch}`, sha: baseSha }),
  );
}

async function ensureFile(
  octokit: Octokit,
  name: RepositoryName,
  { branch, path, text, title }: ProposedFile,
): Promise<void> {
  const content = Buffer.from(text).toString('base64');
  await unlessThere(
    async () => (await readFile(octokit, name, { commit: branch, path })) !== null,
    () =>
      octokit.rest.repos.createOrUpdateFileContents({
        ...name,
        path,
        branch,
        message: title,
        content,
      }),
  );
}

/** GitHub refuses to create what already exists: then somebody was faster, which is as good. */
async function unlessThere(
  isThere: () => Promise<boolean>,
  create: () => Promise<unknown>,
): Promise<void> {
  if (await isThere()) return;
  try {
    await create();
  } catch (error) {
    if (!isGitHubError(error, 'validation') || !(await isThere())) throw error;
  }
}

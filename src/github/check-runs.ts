import type { Octokit, RepositoryName } from './client.ts';
import { orNull } from './github-error.ts';

type Conclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required';

/** What a check run should show. */
export interface CheckRunContent {
  readonly name: string;
  readonly headSha: string;
  /** Run id, or `<run>/<gate>` while a gate is waiting. */
  readonly externalId: string;
  readonly detailsUrl: string | null;
  readonly status: 'queued' | 'in_progress' | 'completed';
  /** Given if and only if completed. */
  readonly conclusion: Conclusion | null;
  readonly title: string;
  readonly summary: string;
  readonly text: string | null;
  /** At most three; GitHub shows them only on a completed run. */
  readonly actions: readonly CheckAction[];
}

interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

export interface PostedCheck {
  readonly id: number;
  readonly headSha: string;
  readonly url: string;
}

export interface OwnCheck {
  readonly appId: number;
  readonly name: string;
  /** What every external id of the thing starts with, up to a `/`. */
  readonly externalIdRoot: string;
}

/**
 * Creates a check run on every call. After a crash or an `uncertain` failure, ask
 * `findOwnCheckRun` first.
 */
export async function createCheckRun(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  view: CheckRunContent,
): Promise<PostedCheck> {
  const { data } = await octokit.rest.checks.create({
    owner,
    repo,
    head_sha: view.headSha,
    ...bodyFor(view),
  });
  return postedCheck(data);
}

/** Replaces what a check run shows; its head stays. */
export async function updateCheckRun(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  checkRunId: number,
  view: CheckRunContent,
): Promise<PostedCheck | 'gone'> {
  const answer = await orNull(
    octokit.rest.checks.update({ owner, repo, check_run_id: checkRunId, ...bodyFor(view) }),
  );
  return answer === null ? 'gone' : postedCheck(answer.data);
}

/** Our newest check run on a commit, whatever its state. */
export async function findOwnCheckRun(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  own: OwnCheck,
  headSha: string,
): Promise<PostedCheck | null> {
  const runs = await listChecks(octokit, { owner, repo }, own.appId, headSha, own.name);
  const ours = runs.filter((run) => isRooted(run.external_id, own.externalIdRoot));
  const newest = ours.toSorted((a, b) => b.id - a.id)[0];
  return newest === undefined ? null : postedCheck(newest);
}

/** What each of our check runs on a commit is about, newest first. */
export async function listOwnCheckRuns(
  octokit: Octokit,
  repository: RepositoryName,
  appId: number,
  headSha: string,
): Promise<readonly { readonly externalId: string | null }[]> {
  const runs = await listChecks(octokit, repository, appId, headSha);
  const newestFirst = runs.toSorted((a, b) => b.id - a.id);
  return newestFirst.map(({ external_id: externalId }) => ({ externalId }));
}

async function listChecks(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  appId: number,
  headSha: string,
  name?: string,
) {
  const runs = await octokit.paginate(octokit.rest.checks.listForRef, {
    owner,
    repo,
    ref: headSha,
    app_id: appId,
    ...(name !== undefined && { check_name: name }),
    filter: 'all',
    per_page: 100,
  });
  return runs.filter((run) => run.app?.id === appId);
}

/** What the check on a former head says. */
interface SupersededOutput {
  readonly title: string;
  readonly summary: string;
}

/** Closes the check on a former head. Repeating it changes nothing; a deleted one is fine. */
async function supersedeCheckRun(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  posted: PostedCheck,
  output: SupersededOutput,
): Promise<void> {
  await orNull(
    octokit.rest.checks.update({
      owner,
      repo,
      check_run_id: posted.id,
      status: 'completed',
      conclusion: 'cancelled',
      output,
      actions: [],
    }),
  );
}

/**
 * Makes the view's head show the view: through the posted check run if it is there and still
 * exists, through one of our own found there, or through a new one. A check left on another head is
 * then closed as superseded. Repeating it changes nothing.
 */
export async function upsertCheckRun(
  octokit: Octokit,
  repository: RepositoryName,
  own: OwnCheck,
  view: CheckRunContent,
  posted: PostedCheck | null,
  superseded: SupersededOutput,
): Promise<PostedCheck> {
  const onHead = posted?.headSha === view.headSha ? posted : null;
  const current =
    (await updatedOrNull(octokit, repository, onHead, view)) ??
    (await updatedOrNull(
      octokit,
      repository,
      await findOwnCheckRun(octokit, repository, own, view.headSha),
      view,
    )) ??
    (await createCheckRun(octokit, repository, view));
  if (posted !== null && posted.headSha !== view.headSha) {
    await supersedeCheckRun(octokit, repository, posted, superseded);
  }
  return current;
}

async function updatedOrNull(
  octokit: Octokit,
  repository: RepositoryName,
  posted: PostedCheck | null,
  view: CheckRunContent,
): Promise<PostedCheck | null> {
  if (posted === null) return null;
  const updated = await updateCheckRun(octokit, repository, posted.id, view);
  return updated === 'gone' ? null : updated;
}

function bodyFor(view: CheckRunContent) {
  const { name, status, conclusion, title, summary, text } = view;
  return {
    name,
    external_id: view.externalId,
    status,
    ...(view.detailsUrl !== null && { details_url: view.detailsUrl }),
    ...(conclusion !== null && { conclusion }),
    // If omitted, an old text would stay.
    output: { title, summary, text: text ?? '' },
    actions: [...view.actions],
  };
}

function isRooted(externalId: string | null, root: string): boolean {
  return externalId === root || externalId?.startsWith(`${root}/`) === true;
}

function postedCheck(data: { id: number; head_sha: string; html_url: string | null }): PostedCheck {
  return { id: data.id, headSha: data.head_sha, url: data.html_url ?? '' };
}

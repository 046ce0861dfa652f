import type { StoredRun } from '../../runs/stored-run.ts';
import type { LookupRequest } from '../request.ts';

interface HeadNow {
  readonly headSha: string | null;
  readonly headOf?: 'subject';
}

/**
 * Where a run's branch is or, before it has one, its pull request. Read now, because a push may be
 * on its way to us. Null if there is neither.
 */
export async function readHead(
  { forge }: Pick<LookupRequest, 'forge'>,
  { run, context }: StoredRun,
): Promise<HeadNow> {
  if (run.headSha !== null) {
    return { headSha: (await forge.findBranch(context.branch))?.sha ?? null };
  }
  if (run.subjectSha === null) return { headSha: null };
  const pull = await forge.findPullRequest(context.subject.number);
  return { headSha: pull?.headSha ?? null, headOf: 'subject' };
}

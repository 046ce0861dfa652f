import type { StoredRun } from '../../runs/stored-run.ts';
import type { LookupRequest } from '../request.ts';

interface HeadNow {
  readonly headSha: string | null;
  readonly headOf?: 'subject';
}

/**
 * Where a run's branch stands; before it has one, the pull request the run is about. Asked now, because a
 * push may be under way to us. Null: there is neither.
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

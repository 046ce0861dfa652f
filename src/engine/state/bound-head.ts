import type { Run } from './run.ts';

/** Whose head a commit is: the run's own branch's, or that of the pull request the run is about. */
export type HeadOf = 'branch' | 'subject';

/** What a gate that opens now is bound to: the run's own work, before there is any the pull request it looks at. */
export function boundHead({ headSha, subjectSha }: Run): {
  readonly headSha: string | null;
  readonly headOf?: 'subject';
} {
  if (headSha !== null || (subjectSha ?? null) === null) return { headSha };
  return { headSha: subjectSha ?? null, headOf: 'subject' };
}

/** The run as it is once a head has moved; null: that changes nothing for it. */
export function withHead(
  run: Run,
  { headSha, headOf = 'branch' }: { readonly headSha: string; readonly headOf?: HeadOf },
): Pick<Run, 'headSha'> | Pick<Run, 'subjectSha'> | null {
  if (headOf === 'branch') return run.headSha === headSha ? null : { headSha };
  const isWatched = run.headSha === null && (run.subjectSha ?? null) !== null;
  return isWatched && run.subjectSha !== headSha ? { subjectSha: headSha } : null;
}

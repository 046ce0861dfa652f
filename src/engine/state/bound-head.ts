import type { HeadOf, Run } from './run.ts';

/** What a gate opened now is bound to: the run's own work, or before there is any, the pull request it looks at. */
export function boundHead({ headSha, subjectSha }: Run): {
  readonly headSha: string | null;
  readonly headOf: HeadOf;
} {
  if (headSha !== null || subjectSha === null) return { headSha, headOf: 'branch' };
  return { headSha: subjectSha, headOf: 'subject' };
}

/** The run after a head has moved; null if that changes nothing for it. */
export function withHead(
  run: Run,
  { headSha, headOf = 'branch' }: { readonly headSha: string; readonly headOf?: HeadOf },
): Pick<Run, 'headSha'> | Pick<Run, 'subjectSha'> | null {
  if (headOf === 'branch') return run.headSha === headSha ? null : { headSha };
  const isWatched = run.headSha === null && run.subjectSha !== null;
  return isWatched && run.subjectSha !== headSha ? { subjectSha: headSha } : null;
}

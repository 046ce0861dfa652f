import { nearest } from '../../problems/nearest.ts';

/** What a loop does is where it goes back to. */
export const ACTION_TARGETS: Readonly<Record<string, string>> = {
  rebuild: 'build',
  rebuild_and_retest: 'build',
  replan_and_rebuild: 'plan',
  redocument: 'document',
  resolve_conflicts: 'deploy',
};

export type LoopEvent = 'fail' | 'blockers' | 'architectural';

export interface LoopTrigger {
  readonly phase: string;
  readonly event: LoopEvent;
}

const CANONICAL: Readonly<Record<string, string>> = {
  test_failure: 'test.fail',
  blocker: 'review.blockers',
  blockers: 'review.blockers',
  architectural_issue: 'review.architectural',
};

const NAMED_LOOPS: Readonly<Record<string, { trigger: string; action: string }>> = {
  test_retry: { trigger: 'test.fail', action: 'rebuild' },
  review_patch: { trigger: 'review.blockers', action: 'rebuild_and_retest' },
  full_rebuild: { trigger: 'review.architectural', action: 'replan_and_rebuild' },
};

export const DEFAULT_LOOPS: readonly string[] = Object.keys(NAMED_LOOPS);

/** What a loop with a well-known name waits for and does, if it does not say so itself. */
export function usualTrigger(name: string): string | null {
  return (Object.hasOwn(NAMED_LOOPS, name) ? NAMED_LOOPS[name]?.trigger : undefined) ?? null;
}

export function usualAction({ phase, event }: LoopTrigger): string | null {
  if (event === 'architectural') return 'replan_and_rebuild';
  if (event === 'blockers') return 'rebuild_and_retest';
  if (phase === 'test') return 'rebuild';
  if (phase === 'document') return 'redocument';
  return phase === 'deploy' ? 'resolve_conflicts' : null;
}

export type ReadTrigger =
  | { readonly type: 'trigger'; readonly trigger: LoopTrigger; readonly spelling: string | null }
  | { readonly type: 'unknown'; readonly suggestion: string | null };

/** Reads `test.fail` and its synonyms; `spelling` is the usual one if another was used. */
export function readTrigger(text: string): ReadTrigger {
  const usual = Object.hasOwn(CANONICAL, text) ? CANONICAL[text] : undefined;
  const [, phase = '', event = ''] = /^([\w-]+)\.([a-z]+)$/.exec(usual ?? text) ?? [];
  if (event === 'fail' || event === 'blockers' || event === 'architectural') {
    return { type: 'trigger', trigger: { phase, event }, spelling: usual ?? null };
  }
  const known = [...Object.values(CANONICAL), ...Object.keys(CANONICAL)];
  return { type: 'unknown', suggestion: nearest(text, known) };
}

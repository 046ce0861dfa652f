import type { ContextRules, StartRules } from '../../../plan/plan.ts';
import type { Workflow } from '../schema/workflow.ts';

/** Which of the item's text agents read; null if the file does not say. */
export function compileContextRules({ context }: Workflow): ContextRules | null {
  if (context === undefined) return null;
  return {
    minIntegrity: context.min_integrity,
    include: context.include.filter((part) => part !== 'linked_issues'),
    maxBytes: context.max_bytes,
  };
}

/** When an allowed start does not happen; null if the file says nothing about it. */
export function compileStartRules(spec: Workflow): StartRules | null {
  const { skip_if: skip, cooldown, concurrency, limits } = spec;
  if ([skip, cooldown, concurrency, limits].every((key) => key === undefined)) return null;
  return {
    skipIf:
      skip === undefined
        ? null
        : {
            labels: skip.labels ?? [],
            search: skip.search ?? null,
            maxOpenPulls: skip.max_open_prs ?? null,
            unchanged: skip.unchanged_since_last ?? false,
          },
    cooldownMs: cooldown ?? null,
    concurrency:
      concurrency === undefined ? null : { key: concurrency.key, whenBusy: concurrency.when_busy },
    limits:
      limits === undefined
        ? null
        : {
            perUserHour: limits.per_user_hour ?? null,
            perRepositoryDay: limits.per_repo_day ?? null,
          },
  };
}

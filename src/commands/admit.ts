import type { StartRules } from '../plan/plan.ts';

/** What is known when a start is decided. Facts no rule asks for may be left empty. */
export interface StartFacts {
  /** Labels of the issue or pull request. */
  readonly labels: readonly string[];
  /** Whether the search of `skip_if` has a hit; `refused` if GitHub cannot parse it. */
  readonly search: 'hit' | 'none' | 'refused';
  /** Our own open pull requests in the repository. */
  readonly openPulls: number;
  /** The last successful run here, if the item has not changed since. */
  readonly unchangedSince: string | null;
  /** When this workflow was last started on the item. */
  readonly lastStart: string | null;
  /** Starts of this workflow by the same person within the last hour, and by anybody within a day. */
  readonly startsOfUser: number;
  readonly startsOfRepository: number;
  /** Live runs that the start would have to share its key with. */
  readonly busy: readonly string[];
  /** Starts of this workflow already waiting here. */
  readonly waiting: number;
  readonly now: string;
}

export type Admission =
  | { readonly type: 'admitted'; readonly replaces: readonly string[] }
  /** It will be started when that run is over. */
  | { readonly type: 'waits'; readonly runId: string }
  | { readonly type: 'refused'; readonly reason: NotNow };

/** Why a start that was understood and allowed does not happen. */
export type NotNow =
  | { readonly code: 'label'; readonly label: string }
  | { readonly code: 'search' | 'search-refused' }
  | { readonly code: 'open-pulls'; readonly open: number }
  | { readonly code: 'unchanged'; readonly runId: string }
  | { readonly code: 'cooldown'; readonly until: string }
  | { readonly code: 'user-limit' | 'repository-limit'; readonly max: number }
  | { readonly code: 'waiting' }
  | { readonly code: 'busy'; readonly runId: string };

/** The first rule that says no decides; nothing here depends on who the person is. */
export function admit(rules: StartRules, facts: StartFacts): Admission {
  const reason = skipped(rules, facts) ?? tooSoon(rules, facts) ?? tooMany(rules, facts);
  if (reason !== null) return { type: 'refused', reason };
  const [first] = facts.busy;
  if (first === undefined) return { type: 'admitted', replaces: [] };
  switch (rules.concurrency?.whenBusy ?? 'refuse') {
    case 'replace':
      return { type: 'admitted', replaces: facts.busy };
    case 'queue':
      if (facts.waiting > 0) return { type: 'refused', reason: { code: 'waiting' } };
      return { type: 'waits', runId: first };
    case 'refuse':
      return { type: 'refused', reason: { code: 'busy', runId: first } };
  }
}

function skipped({ skipIf }: StartRules, facts: StartFacts): NotNow | null {
  if (skipIf === null) return null;
  const label = facts.labels.find((one) => skipIf.labels.some((each) => isSame(each, one)));
  if (label !== undefined) return { code: 'label', label };
  if (skipIf.search !== null && facts.search === 'hit') return { code: 'search' };
  if (skipIf.search !== null && facts.search === 'refused') return { code: 'search-refused' };
  if (skipIf.maxOpenPulls !== null && facts.openPulls >= skipIf.maxOpenPulls)
    return { code: 'open-pulls', open: facts.openPulls };
  if (skipIf.unchanged && facts.unchangedSince !== null)
    return { code: 'unchanged', runId: facts.unchangedSince };
  return null;
}

function tooSoon({ cooldownMs }: StartRules, { lastStart, now }: StartFacts): NotNow | null {
  if (cooldownMs === null || lastStart === null) return null;
  const until = Date.parse(lastStart) + cooldownMs;
  if (Date.parse(now) >= until) return null;
  return { code: 'cooldown', until: new Date(until).toISOString() };
}

function tooMany({ limits }: StartRules, facts: StartFacts): NotNow | null {
  const { perUserHour = null, perRepositoryDay = null } = limits ?? {};
  if (perUserHour !== null && facts.startsOfUser >= perUserHour)
    return { code: 'user-limit', max: perUserHour };
  if (perRepositoryDay !== null && facts.startsOfRepository >= perRepositoryDay)
    return { code: 'repository-limit', max: perRepositoryDay };
  return null;
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

import { type Admission, admit, type StartFacts } from '../commands/admit.ts';
import type { RunContext } from '../engine/state/run-context.ts';
import type { StartRules } from '../plan/plan.ts';
import type { DatabaseTransaction } from '../store/schema.ts';
import {
  countStarts,
  findLastStart,
  findLastSuccess,
  lockBusy,
  type StartPlace,
} from '../store/starts.ts';
import { countWaiting } from '../store/waiting-starts.ts';

/** What GitHub says about a start; read before its transaction opens. */
export type GitHubFacts = Pick<StartFacts, 'labels' | 'search' | 'openPulls'>;

export interface Starting {
  readonly rules: StartRules;
  readonly context: RunContext;
  readonly startKey: string;
  readonly onGitHub: GitHubFacts;
  readonly at: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Whether a start happens now. The caller has locked the repository's starts, so no other is
 * decided at the same time; and until the transaction ends, no run in the way can end unnoticed.
 */
export async function decideStart(trx: DatabaseTransaction, start: Starting): Promise<Admission> {
  const { rules, context, startKey, onGitHub, at } = start;
  const place = placeOf(context);
  return admit(rules, {
    ...onGitHub,
    unchangedSince: rules.skipIf?.unchanged === true ? await unchangedSince(trx, context) : null,
    lastStart: rules.cooldownMs === null ? null : await findLastStart(trx, place),
    startsOfUser: await startsOfUser(trx, start),
    startsOfRepository:
      rules.limits?.perRepositoryDay == null
        ? 0
        : await countStarts(trx, place, { since: before(at, DAY_MS) }),
    busy: await lockBusy(trx, place, rules.concurrency?.key ?? 'item'),
    waiting: await countWaiting(trx, place, startKey),
    now: at,
  });
}

export function placeOf({ repository, subject, workflow }: RunContext): StartPlace {
  return { repositoryId: repository.id, subjectNumber: subject.number, workflow };
}

async function startsOfUser(
  trx: DatabaseTransaction,
  { rules, context, at }: Starting,
): Promise<number> {
  if (rules.limits?.perUserHour == null) return 0;
  const since = before(at, HOUR_MS);
  return countStarts(trx, placeOf(context), { since, starter: context.trigger.login });
}

/** The same text and, for a pull request, the same commit. */
async function unchangedSince(
  trx: DatabaseTransaction,
  context: RunContext,
): Promise<string | null> {
  const last = await findLastSuccess(trx, placeOf(context));
  if (last === null || last.context.task !== context.task) return null;
  const isPull = context.subject.type === 'pull-request';
  return isPull && last.context.baseSha !== context.baseSha ? null : last.id;
}

function before(at: string, ms: number): string {
  return new Date(Date.parse(at) - ms).toISOString();
}

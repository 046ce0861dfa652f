import assert from 'node:assert/strict';
import { isObject, type Json, type JsonObject } from '../plan/json.ts';
import {
  findReport,
  forgetReport,
  intendReport,
  markReportGone,
  type Report,
  type ReportKey,
  recordReport,
} from '../store/reports.ts';
import type { Database } from '../store/schema.ts';

/** What identifies a GitHub object once it exists. */
export interface Posted {
  readonly githubId: number;
  readonly nodeId: string | null;
  readonly url: string | null;
  /** Further facts to remember with it. */
  readonly data?: JsonObject;
}

export interface Desired {
  readonly key: ReportKey;
  /** Digest of everything it shows: if equal to what was posted, nothing is called. */
  readonly digest: string;
  /** Looks on GitHub for an object of ours that was created but never recorded. */
  find(): Promise<Posted | null>;
  create(): Promise<Posted>;
  /** `gone` if somebody deleted it. */
  update(report: Report): Promise<Posted | 'gone'>;
  /** A deleted object is recreated once, or left alone. */
  readonly whenGone: 'recreate' | 'leave';
}

interface Reconciling {
  readonly db: Database;
  readonly now: () => string;
}

/**
 * Brings one GitHub object to the desired state. The intention is written before the creating call,
 * so that after a crash between the call and its record the object is found rather than created
 * again.
 */
export async function reconcile(deps: Reconciling, desired: Desired): Promise<Report> {
  const intention = await intendReport(deps.db, desired.key, deps.now());
  switch (intention.status) {
    case 'new':
      return record(deps, desired, await desired.create(), desired.digest);
    case 'unfinished': {
      const found = await desired.find();
      if (found === null) return record(deps, desired, await desired.create(), desired.digest);
      return refresh(deps, desired, await record(deps, desired, found, null));
    }
    case 'gone':
      return recreate(deps, desired, intention.report);
    case 'posted':
      return intention.report.digest === desired.digest
        ? intention.report
        : refresh(deps, desired, intention.report);
  }
}

async function refresh(deps: Reconciling, desired: Desired, report: Report): Promise<Report> {
  const updated = await desired.update(report);
  if (updated === 'gone') return recreate(deps, desired, report);
  return record(
    deps,
    desired,
    { ...updated, data: { ...objectOf(report.data), ...updated.data } },
    desired.digest,
  );
}

async function recreate(deps: Reconciling, desired: Desired, report: Report): Promise<Report> {
  const facts = objectOf(report.data);
  if (desired.whenGone === 'leave' || facts['recreated'] === true) {
    await markReportGone(deps.db, desired.key);
    return { ...report, state: 'gone' };
  }
  await forgetReport(deps.db, desired.key);
  await intendReport(deps.db, desired.key, deps.now());
  const posted = await desired.create();
  return record(
    deps,
    desired,
    { ...posted, data: { ...facts, ...posted.data, recreated: true } },
    desired.digest,
  );
}

async function record(
  deps: Reconciling,
  desired: Desired,
  { data, ...posted }: Posted,
  digest: string | null,
): Promise<Report> {
  await recordReport(deps.db, desired.key, {
    ...posted,
    digest,
    data: data ?? null,
    at: deps.now(),
  });
  const report = await findReport(deps.db, desired.key);
  assert(report !== undefined, 'a report is there once it is recorded');
  return report;
}

export function objectOf(data: Json): JsonObject {
  return isObject(data) ? data : {};
}

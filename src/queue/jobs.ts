/** What each kind of job is given: ids only. Its handler reads the rest from the saved state. */
export interface JobTable {
  'handle-delivery': { readonly guid: string };
  'execute-node': NodeAttempt;
  /** Brings what GitHub shows in line with the saved run. */
  'publish-run': { readonly runId: string };
  'fire-timer': { readonly runId: string; readonly timer: string; readonly at: string };
  'settle-run': { readonly runId: string };
  /** Starts the fallback workflow of a run that nobody helped. */
  'hand-over': { readonly runId: string };
  /** Checks whether starts waiting in the repository can go ahead. */
  'start-waiting': { readonly repositoryId: number };
  /** A comment that answers a command, posted once however often it is queued. */
  'post-answer': AnswerJob;
  /** Regular work of the whole installation; `task` says which. */
  sweep: { readonly task: string };
  /** A job that failed permanently. */
  'dead-job': DeadJob;
}
export type JobName = keyof JobTable;

export interface AnswerJob {
  readonly key: string;
  readonly installationId: number;
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  readonly body: string;
  /** Comments that follow it, in this order: an answer may be longer than one comment. */
  readonly more?: readonly string[];
}

export interface NodeAttempt {
  readonly runId: string;
  readonly node: string;
  readonly visit: number;
  readonly attempt: number;
}

export type DeadJob = {
  readonly [Name in Exclude<JobName, 'dead-job'>]: {
    readonly name: Name;
    readonly data: JobTable[Name];
    readonly error: string;
  };
}[Exclude<JobName, 'dead-job'>];

/** A job to be queued. */
export type Job = QueuedJob | StopJob;

export type QueuedJob = {
  readonly [Name in Exclude<JobName, 'dead-job'>]: {
    readonly name: Name;
    readonly data: JobTable[Name];
    /** ISO time before which it is not done. Not needed for a timer, which has its own `at`. */
    readonly startAfter?: string;
  };
}[Exclude<JobName, 'dead-job'>];

/** Never queued: it withdraws a waiting attempt and interrupts a running one, wherever it runs. */
export interface StopJob {
  readonly name: 'stop-node';
  readonly data: NodeAttempt;
}

export interface JobSettings {
  /** Attempts after the first one failed. A job handed back at shutdown does not count. */
  readonly retryLimit: number;
  readonly retryDelay: number;
  readonly retryDelayMax: number;
  /** Seconds after which an attempt counts as lost even if its worker is alive. */
  readonly expireInSeconds: number;
  /**
   * `coalesced`: per key, at most one waits and at most one runs, because a job that starts after a
   * change has seen it.
   */
  readonly order: 'independent' | 'coalesced';
}

const SECONDS_PER_DAY = 86_400;

const RETRIED_FOR_MINUTES: JobSettings = {
  retryLimit: 10,
  retryDelay: 1,
  retryDelayMax: 300,
  expireInSeconds: 900,
  order: 'independent',
};
/** GitHub may be down for a weekend; that is no reason to give up on what it should show. */
const RETRIED_FOR_DAYS: JobSettings = { ...RETRIED_FOR_MINUTES, retryLimit: 1_000 };

export const JOB_SETTINGS: Readonly<Record<JobName, JobSettings>> = {
  // People say things only once.
  'handle-delivery': RETRIED_FOR_DAYS,
  'execute-node': {
    ...RETRIED_FOR_MINUTES,
    retryLimit: 5,
    retryDelayMax: 60,
    expireInSeconds: SECONDS_PER_DAY,
  },
  'publish-run': { ...RETRIED_FOR_DAYS, order: 'coalesced' },
  'fire-timer': RETRIED_FOR_DAYS,
  'settle-run': RETRIED_FOR_DAYS,
  'hand-over': RETRIED_FOR_DAYS,
  'start-waiting': { ...RETRIED_FOR_DAYS, order: 'coalesced' },
  'post-answer': RETRIED_FOR_DAYS,
  sweep: { ...RETRIED_FOR_MINUTES, retryLimit: 1, expireInSeconds: 3_600, order: 'coalesced' },
  'dead-job': RETRIED_FOR_DAYS,
};

export const JOB_NAMES: readonly JobName[] = Object.keys(JOB_SETTINGS).filter(isJobName);

export function isJobName(name: string): name is JobName {
  return Object.hasOwn(JOB_SETTINGS, name);
}

/** The key a job is found by again, to coalesce or withdraw it. */
export function keyFor(job: QueuedJob): string | undefined {
  switch (job.name) {
    case 'execute-node':
    case 'publish-run':
      return job.data.runId;
    case 'start-waiting':
      return String(job.data.repositoryId);
    case 'sweep':
      return job.data.task;
    case 'handle-delivery':
    case 'fire-timer':
    case 'settle-run':
    case 'hand-over':
    case 'post-answer':
      return undefined;
  }
}

/** When a job is to be done, if not at once. */
export function startAfterOf(job: QueuedJob): string | undefined {
  return job.startAfter ?? (job.name === 'fire-timer' ? job.data.at : undefined);
}

/** Of a group pg-boss has at most one job done at a time. Only coalesced jobs are in one. */
export function groupFor(
  name: JobName,
  key: string | null | undefined,
): { group?: { id: string } } {
  const isGrouped = JOB_SETTINGS[name].order === 'coalesced' && typeof key === 'string';
  return isGrouped ? { group: { id: key } } : {};
}

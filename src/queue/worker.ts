import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Boss } from './boss.ts';
import { type ClaimedJob, claimJobs, forgetClaims } from './claims.ts';
import { deadLetterData } from './dead-letter.ts';
import { type InterruptionCode, JobInterruption, PostponeJob } from './interruption.ts';
import { JOB_SETTINGS, type JobName, type JobTable } from './jobs.ts';
import {
  attemptOf,
  failJob,
  finishJobs,
  isExhausted,
  type JobClaim,
  returnJobs,
  settledOf,
} from './settle.ts';

export interface JobAttempt<Name extends JobName> {
  readonly id: string;
  readonly data: JobTable[Name];
  /** Aborted with a `JobInterruption`. */
  readonly signal: AbortSignal;
  /** 1 for the first. */
  readonly attempt: number;
}
export type JobHandler<Name extends JobName> = (job: JobAttempt<Name>) => Promise<void>;

export interface WorkerDeps {
  readonly boss: Boss;
  readonly log: Logger;
  /** This process's number, which changes after it was declared dead. */
  workerNumber(): number | null;
}

interface ActiveJob<Name extends JobName> {
  readonly job: ClaimedJob<Name>;
  readonly abort: AbortController;
  readonly startedAt: number;
  readonly done: Promise<void>;
}

/** A notification wakes a worker at once; polling finds what comes due and what was missed. */
const POLL_MS = 1_000;
/** A job due within this time is waited for exactly instead of being found by polling. */
const SOON_MS = 60_000;
/** Short jobs end before their claim needs refreshing. */
const TOUCH_AFTER_MS = 5_000;
const SETTLE_RETRY_MAX_MS = 10_000;

/** Claims jobs of one name, as many as it has room for, and sees each one through. */
export class Worker<Name extends JobName> {
  readonly name: Name;
  readonly #deps: WorkerDeps;
  readonly #concurrency: number;
  readonly #handler: JobHandler<Name>;
  readonly #active = new Map<string, ActiveJob<Name>>();
  readonly #poll: NodeJS.Timeout;
  #draining = false;
  #claiming = false;
  #wanted = false;
  #finished: ClaimedJob<Name>[] = [];
  /** Claims that are over and still noted. */
  #ended: JobClaim[] = [];
  #finishing: Promise<void> | null = null;

  constructor(deps: WorkerDeps, name: Name, concurrency: number, handler: JobHandler<Name>) {
    this.#deps = deps;
    this.name = name;
    this.#concurrency = concurrency;
    this.#handler = handler;
    this.#poll = setInterval(() => this.wake(), POLL_MS);
    this.wake();
  }

  /** There may be something to do. */
  wake(): void {
    this.#wanted = true;
    if (!this.#claiming) void this.#claim();
  }

  /** Like `wake`, at a time when the caller knows something comes due. */
  wakeAt(time: string): void {
    this.#wakeIn(Math.max(Date.parse(time) - Date.now(), 0));
  }

  /** Interrupts those of its jobs that match; the signal carries the reason. */
  interrupt(code: InterruptionCode, matches: (data: JobTable[Name]) => boolean = () => true): void {
    for (const { job, abort } of this.#active.values()) {
      if (matches(job.data)) abort.abort(new JobInterruption(code));
    }
  }

  /** Tells the database that long jobs are still running, and learns which are no longer ours. */
  async touch(): Promise<void> {
    const since = performance.now() - TOUCH_AFTER_MS;
    const long = [...this.#active.values()].filter(({ startedAt }) => startedAt < since);
    if (long.length === 0) return;
    const { boss } = this.#deps.boss;
    const ours = settledOf(
      await boss.touch(
        this.name,
        long.map(({ job }) => attemptOf(job)),
      ),
    );
    for (const { job, abort } of long) {
      if (!ours.has(job.id)) abort.abort(new JobInterruption('job-lost'));
    }
  }

  /** Takes no new jobs, interrupts those it has, and hands back those that do not end in time. */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    clearInterval(this.#poll);
    this.interrupt('job-handed-back');
    const grace = new AbortController();
    await Promise.race([
      this.#idle(),
      sleep(graceMs, undefined, { signal: grace.signal }).catch(() => undefined),
    ]);
    grace.abort();
    const left = [...this.#active.values()].map(({ job }) => job);
    await this.#return(left, 0);
    const ended = [...this.#ended.splice(0), ...left.map(attemptOf)];
    await forgetClaims(this.#deps.boss.db, this.name, ended);
  }

  #wakeIn(delayMs: number): void {
    if (delayMs < SOON_MS) setTimeout(() => this.wake(), delayMs + 2).unref();
  }

  async #idle(): Promise<void> {
    while (this.#claiming || this.#active.size > 0) {
      await Promise.all([...this.#active.values()].map(({ done }) => done));
      if (this.#claiming) await sleep(5);
    }
  }

  async #claim(): Promise<void> {
    this.#claiming = true;
    try {
      while (this.#wanted && !this.#draining) {
        const room = this.#concurrency - this.#active.size;
        if (room <= 0) return;
        this.#wanted = false;
        const jobs = await this.#take(room);
        if (this.#draining) {
          this.#ended.push(...jobs.map(attemptOf));
          return await this.#return(jobs, 0);
        }
        for (const job of jobs) this.#start(job);
        // The embedded database answers without ever leaving this turn of the event loop, and a
        // backlog of jobs would keep requests and agents from being heard.
        if (this.#wanted) await nextTurn();
      }
    } catch (error) {
      this.#deps.log.error({ err: error, job: this.name }, 'jobs could not be claimed');
    } finally {
      this.#claiming = false;
    }
  }

  async #take(room: number): Promise<ClaimedJob<Name>[]> {
    const ended = this.#ended;
    this.#ended = [];
    const worker = this.#deps.workerNumber();
    try {
      const jobs = await claimJobs(this.#deps.boss, this.name, room, { worker, ended });
      // There may be more; and those of one key do not come together.
      const { order } = JOB_SETTINGS[this.name];
      if (jobs.length === room || (order === 'coalesced' && jobs.length > 0)) this.#wanted = true;
      return jobs;
    } catch (error) {
      this.#ended.push(...ended);
      throw error;
    }
  }

  #start(job: ClaimedJob<Name>): void {
    const abort = new AbortController();
    const done = this.#see(job, abort.signal).finally(() => {
      this.#active.delete(job.id);
      this.#ended.push(attemptOf(job));
      // A full claim left more behind, or this job kept another of its key waiting.
      if (this.#wanted || JOB_SETTINGS[this.name].order === 'coalesced') this.wake();
    });
    this.#active.set(job.id, { job, abort, startedAt: performance.now(), done });
  }

  /** Never rejects: a job that cannot be settled is found by its missing heartbeat. */
  async #see(job: ClaimedJob<Name>, signal: AbortSignal): Promise<void> {
    const failure = await this.#try(job, signal);
    for (let delay = 50; ; delay = Math.min(delay * 2, SETTLE_RETRY_MAX_MS)) {
      try {
        await this.#settle(job, failure, signal);
        return;
      } catch (error) {
        this.#deps.log.error({ err: error, job: this.name }, 'a job could not be settled');
        if (this.#draining || delay >= SETTLE_RETRY_MAX_MS) return;
        await sleep(delay);
      }
    }
  }

  async #try(job: ClaimedJob<Name>, signal: AbortSignal): Promise<{ error: unknown } | null> {
    if (isExhausted(job)) return { error: new Error('its worker died too often') };
    try {
      const data = deadLetterData(this.name, job);
      await this.#handler({ id: job.id, data, signal, attempt: job.retryCount + 1 });
      return null;
    } catch (error) {
      return { error };
    }
  }

  async #settle(
    job: ClaimedJob<Name>,
    failure: { error: unknown } | null,
    signal: AbortSignal,
  ): Promise<void> {
    if (failure === null) return this.#finish(job);
    const interruption = signal.reason instanceof JobInterruption ? signal.reason.code : null;
    if (interruption === 'job-handed-back') return this.#return([job], 0);
    if (failure.error instanceof PostponeJob) {
      await this.#return([job], failure.error.delayMs);
      return this.#wakeIn(failure.error.delayMs);
    }
    if (interruption === null) {
      const fields = { ...idsOf(job.data), job: this.name, attempt: job.retryCount + 1 };
      this.#deps.log.warn({ ...fields, err: failure.error }, 'a job failed');
    }
    // After `job-lost` and `job-stopped` there is nothing left to fail, and this does nothing.
    await failJob(this.#deps.boss, this.name, job, failure.error);
  }

  async #return(jobs: readonly ClaimedJob<Name>[], delayMs: number): Promise<void> {
    if (jobs.length === 0) return;
    const { boss, transaction } = this.#deps.boss;
    await transaction((db) => returnJobs(boss, db, this.name, jobs, delayMs));
  }

  /** Jobs that end while others are being recorded as done share the next statement. */
  async #finish(job: ClaimedJob<Name>): Promise<void> {
    this.#finished.push(job);
    while (this.#finished.includes(job)) {
      if (this.#finishing !== null) await this.#finishing;
      else await this.#finishAll();
    }
  }

  async #finishAll(): Promise<void> {
    const jobs = this.#finished;
    const writing = finishJobs(this.#deps.boss.boss, this.name, jobs);
    this.#finished = [];
    this.#finishing = writing;
    try {
      await writing;
    } finally {
      this.#finishing = null;
    }
  }
}

const IDS = ['guid', 'runId', 'node', 'visit', 'timer', 'task', 'key'];

/** What a log line may show of a job: ids, never what people wrote. */
function idsOf(data: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([name]) => IDS.includes(name)));
}

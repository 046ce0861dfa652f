import { AppError } from '../errors.ts';

export type InterruptionCode =
  /** Somebody withdrew this attempt: its result is not wanted. */
  | 'job-stopped'
  /** This process is shutting down; the job goes back to the queue. */
  | 'job-handed-back'
  /** This process was declared dead, or the attempt has expired: another may have the job now. */
  | 'job-lost';

/** Why a job's signal was aborted: the signal's `reason`. */
export class JobInterruption extends AppError {
  declare readonly code: InterruptionCode;

  constructor(code: InterruptionCode) {
    super(code, `The job was interrupted: ${code}.`);
  }
}

/** Thrown by a handler that wants to be called again later without counting as failed. */
export class PostponeJob extends AppError {
  readonly delayMs: number;

  constructor(delayMs: number, reason: string) {
    super('job-postponed', reason);
    this.delayMs = delayMs;
  }
}

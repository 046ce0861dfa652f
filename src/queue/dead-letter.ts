import type { JobWithMetadata } from 'pg-boss';
import { AppError } from '../errors.ts';
import { type DeadJob, isJobName, type JobName, type JobTable } from './jobs.ts';

type Readers = {
  readonly [Name in JobName]?: (job: JobWithMetadata<JobTable[Name]>) => JobTable[Name];
};

const READERS: Readers = { 'dead-job': readDeadLetter };

/** What a handler is told: a job's data, or of a dead one what it was and why it was given up. */
export function deadLetterData<Name extends JobName>(
  name: Name,
  job: JobWithMetadata<JobTable[Name]>,
): JobTable[Name] {
  const readers: {
    readonly [One in Name]?: (job: JobWithMetadata<JobTable[One]>) => JobTable[One];
  } = READERS;
  return readers[name]?.(job) ?? job.data;
}

function readDeadLetter({ id, sourceName, data, sourceOutput }: JobWithMetadata): DeadJob {
  const letter = { name: sourceName ?? '', data, error: errorText(sourceOutput) };
  if (!isDeadJob(letter)) throw new AppError('dead-letter', `Dead letter ${id} names no job.`);
  return letter;
}

function isDeadJob(letter: { name: string; data: object; error: string }): letter is DeadJob {
  return isJobName(letter.name) && letter.name !== 'dead-job';
}

function errorText(output: unknown): string {
  const error = memberOf(output, 'value') ?? output;
  const message = memberOf(error, 'message');
  return typeof message === 'string' ? message : JSON.stringify(output);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

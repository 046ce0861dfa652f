import type { Queue } from '../queue/queue.ts';
import type { Database } from '../store/schema.ts';

/** What every use case needs. Time and ids come from here, so that tests can fix them. */
export interface RunDeps {
  readonly db: Database;
  readonly queue: Queue;
  now(): string;
  newRunId(): string;
}

import type { Queue } from '../queue/queue.ts';
import type { Database } from '../store/schema.ts';

/** What every use case needs. Time and ids come from here, so that tests can fix them. */
export interface RunDeps {
  readonly db: Database;
  readonly queue: Queue;
  readonly now: () => string;
  readonly newRunId: () => string;
  /** How long progress may go unshown; whatever changes in that time is shown together. */
  readonly progressDelayMs?: number;
}

/** What reading needs. It cannot change anything: whatever changes something also asks for the queue. */
export type ReadDeps = Pick<RunDeps, 'db' | 'now'>;

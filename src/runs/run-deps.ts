import type { Queue } from '../queue/queue.ts';
import type { Database } from '../store/schema.ts';

/** What every use case needs. Time and ids come from here, so that tests can fix them. */
export interface RunDeps {
  readonly db: Database;
  readonly queue: Queue;
  readonly now: () => string;
  readonly newRunId: () => string;
  /** How long may pass before it is shown how far a run has come; what changes in between is shown together. */
  readonly progressDelayMs?: number;
}

/** What looking takes. Nothing can be changed with it: whatever changes something asks for the queue as well. */
export type ReadDeps = Pick<RunDeps, 'db' | 'now'>;

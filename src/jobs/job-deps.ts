import type { Json } from '../plan/json.ts';
import type { PublishDeps } from '../publish/publish-deps.ts';
import type { StepDeps } from '../steps/step-deps.ts';
import type { StoredRun } from '../store/runs.ts';

/** What the jobs of a worker need: everything that steps and reports do, and the ways back into a start. */
export interface JobDeps extends StepDeps, PublishDeps {
  readonly timing: StepDeps['timing'] & PublishDeps['timing'];
  /** Asks GitHub again for deliveries that never reached the inbox. */
  redeliverLost(signal: AbortSignal): Promise<{ readonly lookAgainAt: string | null }>;
  /** Starts the fallback workflow of a run nobody helped; a second call for the same gate starts nothing. */
  startFallback(stored: StoredRun): Promise<void>;
  /** Asks once more for a start that had to wait. `waits`: it still has to. */
  startAgain(request: Json): Promise<'done' | 'waits'>;
}

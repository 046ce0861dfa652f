import type { PublishDeps } from '../publish/publish-deps.ts';
import type { StepDeps } from '../steps/step-deps.ts';
import type { VerbDeps } from '../verbs/verb-deps.ts';

/** What a worker's jobs need: everything that steps, reports and starts need. */
export interface JobDeps extends StepDeps, PublishDeps, VerbDeps {
  readonly timing: StepDeps['timing'] & PublishDeps['timing'];
  /** Asks GitHub again for deliveries that never reached the inbox. */
  redeliverLost(signal: AbortSignal): Promise<{ readonly lookAgainAt: string | null }>;
}

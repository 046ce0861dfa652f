import type { Logger } from 'pino';
import type { GitHub } from '../github/octokit.ts';
import type { RunDeps } from '../runs/run-deps.ts';
import type { Settings } from '../settings.ts';

/** What it takes to show a run on GitHub. */
export interface PublishDeps {
  readonly runs: RunDeps;
  readonly github: GitHub;
  readonly settings: Settings;
  readonly timing: {
    /** A run comment is written after this time, or when the first step has ended. */
    readonly commentDelayMs: number;
    readonly editIntervalMs: number;
  };
  readonly log: Logger;
}

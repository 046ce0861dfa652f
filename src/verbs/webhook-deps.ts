import type { Logger } from 'pino';
import type { FolderCache } from '../github/folder-cache.ts';
import type { GitHub } from '../github/octokit.ts';
import type { RunDeps } from '../runs/run-deps.ts';
import type { Settings } from '../settings.ts';
import type { WorkflowSource } from './library/find-workflow.ts';

export interface WebhookDeps {
  readonly runs: RunDeps;
  readonly github: GitHub;
  readonly settings: Settings;
  readonly builtin: WorkflowSource;
  readonly folders: FolderCache;
  /** The app's name on GitHub, as in `@sluice`. */
  appSlug(): Promise<string>;
  readonly log: Logger;
}

import type { Logger } from 'pino';
import type { FolderCache } from '../github/folder-cache.ts';
import type { GitHub } from '../github/octokit.ts';
import type { WorkflowFolder } from '../language/folder/workflow-folder.ts';
import type { ReadDeps, RunDeps } from '../runs/run-deps.ts';
import type { Settings } from '../settings.ts';

export interface WebhookDeps {
  readonly runs: RunDeps;
  readonly github: GitHub;
  readonly settings: Settings;
  /** The workflows that come with the application. */
  readonly builtin: WorkflowFolder;
  readonly folders: FolderCache;
  /** The app's name on GitHub, as in `@sluice`. */
  appSlug(): Promise<string>;
  readonly log: Logger;
}

/** What looking up takes, and nothing to change a run with. */
export interface LookupDeps extends Omit<WebhookDeps, 'runs'> {
  readonly runs: ReadDeps;
}

/** What it takes to read the workflows of a repository. */
export type LibraryDeps = Pick<WebhookDeps, 'settings' | 'builtin' | 'folders'>;

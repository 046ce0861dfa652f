import type { Logger } from 'pino';
import type { ForgeOf } from '../forge/forge.ts';
import type { WorkflowFolder } from '../language/folder/workflow-folder.ts';
import type { ReadDeps, RunDeps } from '../runs/run-deps.ts';
import type { Settings } from '../settings.ts';

/** What it takes to carry out a command, whatever door it came through. */
export interface VerbDeps {
  readonly runs: RunDeps;
  readonly settings: Settings;
  /** The workflows that come with the application. */
  readonly builtin: WorkflowFolder;
  readonly forgeOf: ForgeOf;
  readonly log: Logger;
}

/** What lookups need, and nothing to change a run or a repository with. */
export interface LookupDeps extends Omit<VerbDeps, 'runs' | 'forgeOf'> {
  readonly runs: ReadDeps;
}

/** What it takes to read the workflows of a repository. */
export type LibraryDeps = Pick<VerbDeps, 'settings' | 'builtin'>;

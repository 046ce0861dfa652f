import type { GitHub } from '../github/octokit.ts';
import type { VerbDeps } from '../verbs/verb-deps.ts';

/** What the doors on GitHub's side need besides what carries out commands. */
export interface WebhookDeps extends VerbDeps {
  readonly github: GitHub;
  /** The app's name on GitHub, as in `@sluice`. */
  appSlug(): Promise<string>;
}

import type { StartRules } from '../../plan/plan.ts';
import type { GitHubFacts } from '../../runs/decide-start.ts';
import type { VerbDeps } from '../verb-deps.ts';
import type { StartRequest } from './start-request.ts';

/** What a start's rules ask the forge about, and nothing else. */
export async function readStartFacts(
  deps: VerbDeps,
  { forge, number }: StartRequest,
  { skipIf }: StartRules,
): Promise<GitHubFacts> {
  const { labels = [], search = null, maxOpenPulls = null } = skipIf ?? {};
  const issue = labels.length === 0 ? null : await forge.findItem(number);
  return {
    labels: issue?.labels ?? [],
    search: search === null ? 'none' : await forge.searchItems(search),
    openPulls:
      maxOpenPulls === null
        ? 0
        : (await forge.findOpenPullRequests(`${deps.settings.prefix}/`)).length,
  };
}

import type { Json } from '../../plan/json.ts';
import { performStart } from '../perform/perform-start.ts';
import { show } from '../show.ts';
import type { WebhookDeps } from '../webhook-deps.ts';
import type { KeptRequest } from './kept-request.ts';
import type { StartRequest } from './start-request.ts';

/** Asks for a start that had to wait, with everything checked anew: who may, and how things are now. */
export async function startAgain(deps: WebhookDeps, kept: Json): Promise<'done' | 'waits'> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `keptRequest` and by nobody else
  const stored = kept as unknown as KeptRequest;
  const octokit = deps.github.installation(stored.installationId);
  const request: StartRequest = { ...stored, octokit };
  const performed = await performStart.perform(deps, request);
  if (performed.waits === true) return 'waits';
  await show(deps, request, performed);
  return 'done';
}

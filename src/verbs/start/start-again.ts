import type { Json } from '../../plan/json.ts';
import { performStart } from '../perform/perform-start.ts';
import { show } from '../show.ts';
import type { VerbDeps } from '../verb-deps.ts';
import type { KeptRequest } from './kept-request.ts';
import type { StartRequest } from './start-request.ts';

/** Asks again for a start that had to wait, with everything rechecked: who may, how things are. */
export async function startAgain(deps: VerbDeps, kept: Json): Promise<'done' | 'waits'> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `keptRequest` and by nobody else
  const stored = kept as unknown as KeptRequest;
  const forge = deps.forgeOf(stored.installationId, stored.repository);
  const request: StartRequest = { ...stored, forge };
  const performed = await performStart.perform(deps, request);
  if (performed.waits === true) return 'waits';
  await show(deps, request, performed);
  return 'done';
}

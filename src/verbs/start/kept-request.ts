import type { Json } from '../../plan/json.ts';
import type { StartRequest } from './start-request.ts';

/** What is kept of a request, to ask for the same later. */
export type KeptRequest = Omit<StartRequest, 'forge'>;

/**
 * A start as it is written down while it waits. Its answers then are others than those it got
 * before, so they go by a key of their own; what it starts does not.
 */
export function keptRequest(request: StartRequest): Json {
  const { command, actor, channel, installationId, repository, number, trigger } = request;
  const startKey = request.startKey ?? request.key;
  const key = `${startKey}/later`;
  const kept: KeptRequest = {
    command,
    actor,
    channel,
    installationId,
    repository,
    number,
    trigger,
    key,
    startKey,
  };
  return JSON.parse(JSON.stringify(kept));
}

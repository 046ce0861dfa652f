import type { Json } from '../../plan/json.ts';
import type { StartRequest } from './start-request.ts';

/** What is kept of a request, to make the same one later. */
export type KeptRequest = Omit<StartRequest, 'forge'>;

/**
 * A start as stored while it waits. Its later answers differ from those it already got, so they
 * have a key of their own; what it starts does not.
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

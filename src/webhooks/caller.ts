import type { Actor } from '../commands/authorize.ts';
import type { RepositoryContext } from '../engine/state/run-context.ts';
import type { CommandRequest } from '../verbs/request.ts';
import type { WebhookDeps } from './webhook-deps.ts';

interface RepositoryPayload {
  readonly id: number;
  readonly name: string;
  readonly owner: { readonly login: string };
  readonly clone_url: string;
  readonly html_url: string;
  readonly default_branch: string;
  readonly private: boolean;
}

/** What every payload says about who did something, and where. */
export interface CallerPayload {
  readonly sender: { readonly login: string; readonly type: string };
  readonly repository: RepositoryPayload;
  readonly installation?: { readonly id: number } | undefined;
}

type Caller = Pick<CommandRequest, 'actor' | 'channel' | 'forge' | 'installationId' | 'repository'>;

/** Who asks for something on GitHub, and where; null if the event belongs to no installation. */
export function callerIn(
  { forgeOf }: Pick<WebhookDeps, 'forgeOf'>,
  { sender, repository: payload, installation }: CallerPayload,
): Caller | null {
  if (installation === undefined) return null;
  const repository = repositoryContextFor(payload);
  return {
    actor: actorFor(sender),
    channel: 'github',
    forge: forgeOf(installation.id, repository),
    installationId: installation.id,
    repository,
  };
}

function repositoryContextFor(payload: RepositoryPayload): RepositoryContext {
  return {
    id: payload.id,
    owner: payload.owner.login,
    name: payload.name,
    cloneUrl: payload.clone_url,
    htmlUrl: payload.html_url,
    defaultBranch: payload.default_branch,
    private: payload.private,
  };
}

function actorFor(sender: CallerPayload['sender']): Actor {
  return { login: sender.login, type: sender.type, isApp: sender.type === 'Bot' };
}

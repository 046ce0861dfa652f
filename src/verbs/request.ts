import type { Actor } from '../commands/authorize.ts';
import type { Command } from '../commands/command.ts';
import type { RepositoryContext, Trigger } from '../engine/state/run-context.ts';
import type { Octokit } from '../github/client.ts';

/** One command, with everything the payload says about where it came from. */
export interface CommandRequest {
  readonly command: Command;
  readonly actor: Actor;
  readonly octokit: Octokit;
  readonly installationId: number;
  readonly repository: RepositoryContext;
  /** Issue or pull request it was said on. */
  readonly number: number;
  readonly trigger: Trigger;
  /** When GitHub says the comment was written, in whole seconds; left out: it came by no comment. */
  readonly saidAt?: string;
  /** Commit that was looked at when it was said; left out: none in particular. */
  readonly saidAbout?: string;
  /** The delivery and the command's place in it: the same key does nothing a second time. */
  readonly key: string;
  /** By what a start is known that was asked for before; left out: the key. */
  readonly startKey?: string;
}

export interface RepositoryPayload {
  readonly id: number;
  readonly name: string;
  readonly owner: { readonly login: string };
  readonly clone_url: string;
  readonly html_url: string;
  readonly default_branch: string;
  readonly private: boolean;
}

export function repositoryContextFor(payload: RepositoryPayload): RepositoryContext {
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

export function actorFor(sender: { readonly login: string; readonly type: string }): Actor {
  return { login: sender.login, type: sender.type, isApp: sender.type === 'Bot' };
}

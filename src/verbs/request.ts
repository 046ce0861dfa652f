import type { Actor } from '../commands/authorize.ts';
import type { Command } from '../commands/command.ts';
import type { Channel } from '../engine/state/run.ts';
import type { RepositoryContext, Trigger } from '../engine/state/run-context.ts';
import type { Forge, ForgeReads } from '../forge/forge.ts';

/** One command, with everything the payload says about where it came from. */
export interface CommandRequest {
  readonly command: Command;
  readonly actor: Actor;
  /** The kind of door it came through: a run takes decisions through the kind it was started through. */
  readonly channel: Channel;
  readonly forge: Forge;
  /** How the forge is reached when a worker goes on. */
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

/** A request as it is looked into: with nothing to change the repository with. */
export interface LookupRequest extends Omit<CommandRequest, 'forge'> {
  readonly forge: ForgeReads;
}

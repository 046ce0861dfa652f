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
  /** How the forge is reached when a worker continues. */
  readonly installationId: number;
  readonly repository: RepositoryContext;
  /** Number of the issue or pull request it was said on. */
  readonly number: number;
  readonly trigger: Trigger;
  /** When GitHub says the comment was written, in whole seconds; absent if it was no comment. */
  readonly saidAt?: string;
  /** Commit the person was looking at; absent if none in particular. */
  readonly saidAbout?: string;
  /** The delivery and the command's place in it: the same key does nothing a second time. */
  readonly key: string;
  /** Identifies a start that was asked for before; absent if the key does. */
  readonly startKey?: string;
}

/** A request as lookups see it: with nothing to change the repository with. */
export interface LookupRequest extends Omit<CommandRequest, 'forge'> {
  readonly forge: ForgeReads;
}

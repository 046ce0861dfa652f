import { authorize, type Circumstances } from '../commands/authorize.ts';
import type { Command } from '../commands/command.ts';
import type { Gate } from '../engine/state/run.ts';
import type { StartRole } from '../language/native/schema/triggers.ts';
import { renderDenied } from '../render/answer/refusal.ts';
import type { StoredRun } from '../runs/stored-run.ts';
import { readCircumstances } from './circumstances.ts';
import { isOutsider } from './is-outsider.ts';
import type { Performed } from './performed.ts';
import type { CommandRequest, LookupRequest } from './request.ts';
import type { LookupDeps, VerbDeps } from './verb-deps.ts';

export type RequestFor<C extends Command> = CommandRequest & { readonly command: C };
export type LookupFor<C extends Command> = LookupRequest & { readonly command: C };

/** What decides who may: whichever of these exist. */
interface Ruling {
  readonly stored: StoredRun | null;
  readonly gate: Gate | null;
  /** The lowest role that may start the workflow; absent for the one its verb asks for. */
  readonly by?: StartRole;
}

/** What a request turns out to be about. */
export type About<T> =
  | (Ruling & { readonly type: 'target'; readonly target: T })
  /** Nothing it could act on: people with permission are told so, or asked what they mean. */
  | (Ruling & { readonly type: 'unclear'; readonly answer: () => string | Promise<string> })
  /** It means another command, which is checked like any other. */
  | { readonly type: 'other'; readonly command: Understood };

/** A command that is about the repository or the thread as a whole. */
export const ABOUT_NO_RUN = { type: 'target', target: null, stored: null, gate: null } as const;

/** How a command is carried out, in two halves; permission is always checked in between. */
export interface Halves<C extends Command, T> {
  /** Looks up what the request is about. It changes nothing, and is given nothing to change things with. */
  readonly about: (deps: LookupDeps, request: LookupFor<C>) => Promise<About<T>>;
  /** Does it. */
  readonly act: (
    deps: VerbDeps,
    request: RequestFor<C>,
    authorized: Authorized<T>,
  ) => Promise<Performed>;
}

/** A target, with proof that the person may act on it. Only this file can make one. */
class AuthorizedTarget<T> {
  readonly target: T;
  readonly alone: boolean;
  readonly #circumstances: Circumstances;

  constructor(target: T, circumstances: Circumstances) {
    this.target = target;
    this.alone = circumstances.alone;
    this.#circumstances = circumstances;
  }

  /** The person has no role in the repository. */
  get isOutsider(): boolean {
    return isOutsider(this.#circumstances.permission);
  }
}
export type Authorized<T> = AuthorizedTarget<T>;

type Perform<C extends Command> = (deps: VerbDeps, request: RequestFor<C>) => Promise<Performed>;

/** Only `performer` below makes one, so there is none that skips the check. */
class AskingPerformer<C extends Command> {
  readonly #perform: Perform<C>;

  constructor(perform: Perform<C>) {
    this.#perform = perform;
  }

  perform(deps: VerbDeps, request: RequestFor<C>): Promise<Performed> {
    return this.#perform(deps, request);
  }

  /** The command that a request really means, if it is another one. */
  understood(command: C): Understood {
    return new UnderstoodCommand((deps, request) => this.#perform(deps, { ...request, command }));
  }
}
export type Performer<C extends Command> = AskingPerformer<C>;

class UnderstoodCommand {
  readonly #perform: Perform<Command>;

  constructor(perform: Perform<Command>) {
    this.#perform = perform;
  }

  perform(deps: VerbDeps, request: CommandRequest): Promise<Performed> {
    return this.#perform(deps, request);
  }
}
type Understood = UnderstoodCommand;

export function performer<C extends Command, T>(halves: Halves<C, T>): Performer<C> {
  return new AskingPerformer((deps, request) => askThenAct(halves, deps, request));
}

/** The one place where a command is checked against the permissions of whoever gave it. */
async function askThenAct<C extends Command, T>(
  halves: Halves<C, T>,
  deps: VerbDeps,
  request: RequestFor<C>,
): Promise<Performed> {
  const about = await halves.about(deps, request);
  if (about.type === 'other') return about.command.perform(deps, request);
  const circumstances = await readCircumstances(deps, request, about);
  const authorization = authorize(request.command, circumstances);
  if (authorization.allowed) {
    if (about.type === 'target')
      return halves.act(deps, request, new AuthorizedTarget(about.target, circumstances));
    return { moment: 'not-understood', answer: await about.answer() };
  }
  if (authorization.silent) return { moment: null };
  // The gate would say who may: without one, everybody is told that there is none.
  if (about.type === 'unclear' && authorization.reason === 'no-gate') {
    const isRefusal = isOutsider(circumstances.permission);
    return { moment: 'not-understood', answer: await about.answer(), isRefusal };
  }
  const answer = renderDenied(authorization, deps.settings.prefix);
  return { moment: 'not-allowed', answer, isRefusal: true };
}

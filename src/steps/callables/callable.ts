import { AppError } from '../../errors.ts';
import type { ItemName, Octokit } from '../../github/client.ts';
import type { Json, JsonObject } from '../../plan/json.ts';
import type { Attempt } from '../attempt.ts';
import type { NodeTree } from '../node-tree.ts';
import type { StepDeps } from '../step-deps.ts';

/** What a registered function gets to see. */
export interface CallContext {
  readonly deps: StepDeps;
  readonly attempt: Attempt;
  octokit(): Octokit;
  /** Where the run's files are; opened on first use. */
  tree(): Promise<NodeTree>;
  readonly signal: AbortSignal;
}

export type CallableFunction = (context: CallContext, args: Arguments) => Promise<JsonObject>;

/** A function was asked for something it cannot give: nothing is broken, and it says what to do. */
export class CallableError extends AppError {
  constructor(message: string) {
    super('callable-refused', message);
  }
}

/** Arguments that match the function's declaration. */
export class Arguments {
  readonly #values: Readonly<Record<string, Json>>;

  constructor(values: Readonly<Record<string, Json>>) {
    this.#values = values;
  }

  text(name: string): string | null {
    const value = this.#values[name];
    return typeof value === 'string' ? value : null;
  }

  /** Between 1 and `most`. */
  count(name: string, otherwise: number, most: number): number {
    const value = this.#values[name];
    const count = typeof value === 'number' ? Math.floor(value) : otherwise;
    return Math.min(Math.max(1, count), most);
  }

  number(name: string): number | null {
    const value = this.#values[name];
    return typeof value === 'number' ? value : null;
  }
}

/** An issue or pull request of the run's own repository; no other can be named. */
export function itemOf({ attempt }: CallContext, number: number): ItemName {
  const { repository } = attempt.stored.context;
  return { owner: repository.owner, repo: repository.name, number };
}

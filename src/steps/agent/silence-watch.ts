import { noteSign } from '../../runs/note-sign.ts';
import type { Attempt } from '../attempt.ts';
import type { StepDeps } from '../step-deps.ts';

type Deps = Pick<StepDeps, 'runs' | 'settings' | 'log'>;
type Watched = Pick<Attempt, 'stored' | 'node' | 'visit' | 'attempt'>;

/** How often, at most, a sign of life is stored: often enough that a stored one never looks like silence. */
const KEEP_EVERY_MS = 60_000;
const KEPT_PER_SILENCE = 4;

/**
 * Listens to a working agent, and lets people see when it has gone silent and when it speaks again.
 * It never stops one: an agent may think for as long as its step has time.
 */
export class SilenceWatch {
  readonly #deps: Deps;
  readonly #attempt: Watched;
  readonly #afterMs: number | null;
  readonly #keepEveryMs: number;
  #last: number;
  #kept: number;
  #isQuiet = false;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: Deps, attempt: Watched) {
    this.#deps = deps;
    this.#attempt = attempt;
    this.#afterMs = deps.settings.quietAfterMs;
    this.#keepEveryMs = Math.min(KEEP_EVERY_MS, (this.#afterMs ?? Infinity) / KEPT_PER_SILENCE);
    this.#last = this.#now();
    this.#kept = this.#last;
    if (this.#afterMs !== null) this.#lookAfter(this.#afterMs, this.#afterMs);
  }

  sign(): void {
    this.#last = this.#now();
    if (this.#isQuiet) {
      this.#isQuiet = false;
      this.#keep(true);
    } else if (this.#last - this.#kept >= this.#keepEveryMs) {
      this.#keep(false);
    }
  }

  /** The agent has ended, which is a sign too. Resolves when everything heard is stored. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isQuiet) this.sign();
    await this.#writing;
  }

  #lookAfter(waitMs: number, afterMs: number): void {
    this.#timer = setTimeout(() => this.#look(afterMs), waitMs);
    this.#timer.unref();
  }

  #look(afterMs: number): void {
    const rest = this.#last + afterMs - this.#now();
    if (rest <= 0 && !this.#isQuiet) {
      this.#isQuiet = true;
      this.#keep(true);
    }
    this.#lookAfter(rest > 0 ? rest : afterMs, afterMs);
  }

  /** One at a time. Failing to store a sign costs people some insight and the step nothing. */
  #keep(show: boolean): void {
    const { node, visit, attempt, stored } = this.#attempt;
    const runId = stored.run.id;
    const at = new Date(this.#last).toISOString();
    const quiet = this.#isQuiet;
    this.#kept = this.#last;
    this.#writing = this.#writing
      .then(() => noteSign(this.#deps.runs, runId, { node, visit, attempt, at, quiet, show }))
      .catch((error: unknown) =>
        this.#deps.log.warn({ err: error, runId, stepId: node }, 'a sign of life was not kept'),
      );
  }

  #now(): number {
    return Date.parse(this.#deps.runs.now());
  }
}

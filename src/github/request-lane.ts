import type { Clock } from './clock.ts';
import { GitHubError } from './github-error.ts';

export interface Throttle {
  /** If false, every request goes through at once; waits that GitHub asks for are still observed. */
  readonly enabled: boolean;
  /** From the end of one write to the start of the next. */
  readonly spacingMs: number;
  readonly createsPerMinute: number;
  readonly createsPerHour: number;
}

export const DEFAULT_THROTTLE: Throttle = {
  enabled: true,
  spacingMs: 1000,
  createsPerMinute: 80,
  createsPerHour: 500,
};

/** `urgent` overtakes what is queued: a person is waiting for it. */
export interface WriteTraits {
  readonly creates: boolean;
  readonly urgent: boolean;
}

interface Waiting extends WriteTraits {
  run(): Promise<void>;
  refuse(error: GitHubError): void;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * One installation's way to GitHub: writes go one after the other, spaced and within GitHub's
 * limits for new content; everything stops while GitHub tells us to. The state belongs to this
 * process: several processes share GitHub's limit and learn about each other from its
 * `retry-after`.
 */
export class RequestLane {
  readonly #throttle: Throttle;
  readonly #maxWaitMs: number;
  readonly #clock: Clock;
  readonly #queue: Waiting[] = [];
  #draining = false;
  #pausedUntil = 0;
  #nextWriteAt = 0;
  #creates: number[] = [];

  /** A wait longer than `maxWaitMs` is refused as `rate-limited`: the job gives its worker back. */
  constructor(throttle: Throttle, maxWaitMs: number, clock: Clock) {
    this.#throttle = throttle;
    this.#maxWaitMs = maxWaitMs;
    this.#clock = clock;
  }

  /** No request of this installation starts for that long. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + ms);
  }

  async read<T>(send: () => Promise<T>): Promise<T> {
    await this.#wait(this.#pausedUntil - this.#clock.now());
    return await send();
  }

  async write<T>(send: () => Promise<T>, traits: WriteTraits): Promise<T> {
    if (!this.#throttle.enabled) return await this.read(send);
    return await new Promise<T>((resolve, reject) => {
      this.#enqueue({
        ...traits,
        refuse: reject,
        run: async () => {
          await send().then(resolve, reject);
        },
      });
    });
  }

  #enqueue(waiting: Waiting): void {
    const firstPatient = this.#queue.findIndex((other) => !other.urgent);
    const place = waiting.urgent && firstPatient >= 0 ? firstPatient : this.#queue.length;
    this.#queue.splice(place, 0, waiting);
    if (!this.#draining) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const wait = this.#writeWait(next);
      if (wait > this.#maxWaitMs) this.#queue.shift()?.refuse(tooLong(wait));
      // Checked again after the wait: something urgent may have come first.
      else if (wait > 0) await this.#clock.sleep(wait);
      else await this.#run();
    }
    this.#draining = false;
  }

  async #run(): Promise<void> {
    const next = this.#queue.shift();
    if (next?.creates === true) this.#creates.push(this.#clock.now());
    await next?.run();
    this.#nextWriteAt = this.#clock.now() + this.#throttle.spacingMs;
  }

  #writeWait({ creates }: Waiting): number {
    const now = this.#clock.now();
    const wait = Math.max(this.#pausedUntil, this.#nextWriteAt) - now;
    if (!creates) return wait;
    this.#creates = this.#creates.filter((at) => at > now - HOUR);
    const { createsPerMinute, createsPerHour } = this.#throttle;
    return Math.max(
      wait,
      this.#windowWait(now, MINUTE, createsPerMinute),
      this.#windowWait(now, HOUR, createsPerHour),
    );
  }

  /** Time until the window holds one creation fewer than its limit. */
  #windowWait(now: number, window: number, limit: number): number {
    const blocking = this.#creates.at(-limit);
    return blocking === undefined ? 0 : blocking + window - now;
  }

  async #wait(ms: number): Promise<void> {
    if (ms > this.#maxWaitMs) throw tooLong(ms);
    if (ms > 0) await this.#clock.sleep(ms);
  }
}

function tooLong(retryAfterMs: number): GitHubError {
  return new GitHubError('rate-limited', 'the installation has used up its share of requests', {
    retryAfterMs,
  });
}

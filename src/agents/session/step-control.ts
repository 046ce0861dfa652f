import type { AgentFailure, AgentRequest } from '../agent.ts';

/** Why a step was ended from outside: by a person, or by one of its limits. */
export type EndCause = { type: 'cancelled' } | { type: 'failed'; failure: AgentFailure };

export interface StepControl {
  /** Aborts when the step must end. */
  readonly signal: AbortSignal;
  /** Resolves when the step must end; never rejects. */
  readonly ended: Promise<EndCause>;
  /** The first cause; undefined while the step may go on. */
  readonly cause: EndCause | undefined;
  /** Ends the step; a second cause changes nothing. */
  end(cause: EndCause): void;
  /** Notes that the agent is alive. */
  touch(): void;
  /** Stops all timers. */
  dispose(): void;
}

/** Watches over one step: its cancellation, its time and its silence. */
export function superviseStep(
  request: Pick<AgentRequest, 'limits' | 'signal' | 'onSign'>,
): StepControl {
  const { timeoutMs, idleMs } = request.limits;
  const controller = new AbortController();
  const { promise: ended, resolve } = Promise.withResolvers<EndCause>();
  let cause: EndCause | undefined;
  let lastSign = performance.now();

  const end = (reason: EndCause): void => {
    if (cause !== undefined) return;
    cause = reason;
    controller.abort();
    resolve(reason);
  };
  const onAbort = (): void => end({ type: 'cancelled' });
  const onTimeout = (): void =>
    end(limitReached('timeout', `The step took longer than ${timeoutMs} ms`));
  const watchSilence = (limit: number): void => {
    const rest = lastSign + limit - performance.now();
    if (rest > 0) idleTimer = setTimeout(watchSilence, rest, limit);
    else end(limitReached('idle', `The agent showed no sign of life for ${limit} ms`));
  };

  const timer = setTimeout(onTimeout, timeoutMs);
  let idleTimer = idleMs === undefined ? undefined : setTimeout(watchSilence, idleMs, idleMs);
  if (request.signal.aborted) onAbort();
  request.signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    ended,
    get cause() {
      return cause;
    },
    end,
    touch() {
      lastSign = performance.now();
      request.onSign?.();
    },
    dispose() {
      clearTimeout(timer);
      clearTimeout(idleTimer);
      request.signal.removeEventListener('abort', onAbort);
    },
  };
}

function limitReached(reason: 'timeout' | 'idle', message: string): EndCause {
  return { type: 'failed', failure: { class: 'timeout', reason, message } };
}

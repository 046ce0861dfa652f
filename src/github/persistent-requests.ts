import type { Clock } from './clock.ts';
import { failureInside, failureOf, type RequestFacts } from './failures.ts';
import { GitHubError } from './github-error.ts';
import type { RequestLane } from './request-lane.ts';

export interface RetryPolicy {
  /** How often one request is retried after a transient failure or a limit. */
  readonly retries: number;
  /** First back-off; each further one is three times as long. */
  readonly baseMs: number;
  /** If GitHub asks for a longer wait, the caller gets it as `rate-limited`. */
  readonly maxWaitMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { retries: 3, baseMs: 500, maxWaitMs: 60_000 };

/** The part of Octokit's request options that matters here. */
export interface Endpoint {
  readonly method: string;
  readonly url: string;
  /**
   * What a request says about itself. `repeatable`: it may be sent twice (by default, everything
   * but a POST may). `urgent`: a person is waiting for it.
   */
  readonly request?: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

export interface Sending {
  readonly lane: RequestLane;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  onRetry(error: GitHubError, waitMs: number): void;
}

/**
 * Sends until there is a usable answer. A POST whose answer is lost is never sent again: it ends as
 * `uncertain`. State lives only in this call, so no request inherits another one's count.
 */
export async function sendPersistently<T extends Answer>(
  sending: Sending,
  endpoint: Endpoint,
  send: () => Promise<T>,
): Promise<T> {
  const facts = factsOf(endpoint);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await inLane(sending.lane, endpoint, () => sendOnce(send, facts, sending.clock));
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      // Only what GitHub itself said: the lane's own refusal must not prolong its pause.
      if (error.status !== undefined) sending.lane.pause(error.retryAfterMs ?? 0);
      const wait = waitFor(error, attempt, sending.retry);
      if (wait === null) throw error;
      sending.onRetry(error, wait);
      await sending.clock.sleep(wait);
    }
  }
}

async function sendOnce<T extends Answer>(
  send: () => Promise<T>,
  facts: RequestFacts,
  clock: Clock,
): Promise<T> {
  let answer: T;
  try {
    answer = await send();
  } catch (error) {
    throw failureOf(error, facts, clock.now());
  }
  const failure = failureInside(answer, facts);
  if (failure !== null) throw failure;
  return answer;
}

function waitFor(error: GitHubError, attempt: number, policy: RetryPolicy): number | null {
  if (attempt >= policy.retries) return null;
  switch (error.code) {
    case 'rate-limited': {
      const wait = error.retryAfterMs ?? 0;
      return wait <= policy.maxWaitMs ? wait : null;
    }
    case 'server':
    case 'network':
    case 'timeout':
      return policy.baseMs * 3 ** attempt;
    case 'not-found':
    case 'forbidden':
    case 'unauthorized':
    case 'validation':
    case 'uncertain':
      return null;
  }
}

function inLane<T>(lane: RequestLane, endpoint: Endpoint, send: () => Promise<T>): Promise<T> {
  if (isMinting(endpoint.url)) return send();
  if (isReading(endpoint)) return lane.read(send);
  return lane.write(send, {
    creates: !factsOf(endpoint).repeatable,
    urgent: endpoint.request?.['urgent'] === true,
  });
}

function factsOf({ method, url, request }: Endpoint): RequestFacts {
  const said = request?.['repeatable'];
  const repeatable = typeof said === 'boolean' ? said : method !== 'POST' || isMinting(url);
  return { method, url, repeatable };
}

function isReading({ method }: Endpoint): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Minting a token changes nothing anybody sees, and it happens inside the request that needs it. */
function isMinting(url: string): boolean {
  return url.endsWith('/access_tokens');
}

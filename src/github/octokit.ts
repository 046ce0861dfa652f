import { createAppAuth } from '@octokit/auth-app';
import { Octokit as RestOctokit } from '@octokit/rest';
import type { Logger } from 'pino';
import { ProbotOctokit } from 'probot';
import type { Octokit } from './client.ts';
import { type Clock, systemClock } from './clock.ts';
import { type InstallationToken, mintToken, type TokenRequest } from './installation-token.ts';
import { DEFAULT_RETRY, type RetryPolicy, sendPersistently } from './persistent-requests.ts';
import { DEFAULT_THROTTLE, RequestLane, type Throttle } from './request-lane.ts';
import { boundedFetch, type Fetch } from './transport.ts';

export interface GitHubOptions {
  readonly appId: number;
  readonly privateKey: string;
  /** GitHub Enterprise Server: `https://host/api/v3`. Without a trailing slash. */
  readonly baseUrl?: string | undefined;
  readonly log: Logger;
  readonly throttle?: Partial<Throttle> | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** For one attempt, including its body. */
  readonly timeoutMs?: number | undefined;
  readonly fetch?: Fetch | undefined;
  readonly clock?: Clock | undefined;
}

export interface GitHub {
  /** Acts as the app itself: deliveries, installations, tokens. */
  readonly app: Octokit;
  /** Acts as the app in one installation; the same object for the same id. */
  installation(installationId: number): Octokit;
  /** For `new Probot({ Octokit })`: same time limits, retries and lanes as the clients here. */
  readonly probotOctokit: typeof ProbotOctokit;
  mintToken(request: TokenRequest): Promise<InstallationToken>;
}

const DEFAULT_TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** Every client made here shares one set of lanes: one writer per installation and process. */
export function createGitHub(options: GitHubOptions): GitHub {
  const { appId, privateKey, baseUrl, log } = options;
  const fetch = boundedFetch(
    options.fetch ?? ((...request) => globalThis.fetch(...request)),
    options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    MAX_ANSWER_BYTES,
  );
  const persistence = persistencePlugin(options);
  const OurOctokit = RestOctokit.plugin(persistence).defaults({
    ...(baseUrl !== undefined && { baseUrl }),
    authStrategy: createAppAuth,
    request: { fetch },
    log: quietLog(log),
  });
  const app = new OurOctokit({ auth: { appId, privateKey } });
  const installations = new Map<number, Octokit>();

  return {
    app,
    installation: (installationId) => {
      const octokit =
        installations.get(installationId) ??
        new OurOctokit({ auth: { appId, privateKey, installationId } });
      installations.set(installationId, octokit);
      return octokit;
    },
    probotOctokit: probotOctokitWith(persistence, fetch, baseUrl),
    mintToken: (request) => mintToken(app, request),
  };
}

type Hooks = { readonly hook: Pick<RestOctokit['hook'], 'wrap'> };
type PersistencePlugin = (octokit: Hooks, options: { auth?: unknown }) => void;

function persistencePlugin(options: GitHubOptions): PersistencePlugin {
  const clock = options.clock ?? systemClock;
  const retry = { ...DEFAULT_RETRY, ...options.retry };
  const throttle = { ...DEFAULT_THROTTLE, ...options.throttle };
  const lanes = new Map<string, RequestLane>();
  const log = options.log.child({ name: 'github' });

  return (octokit, { auth }) => {
    const key = laneKey(auth);
    const lane = lanes.get(key) ?? new RequestLane(throttle, retry.maxWaitMs, clock);
    lanes.set(key, lane);
    octokit.hook.wrap('request', (send, endpoint) =>
      sendPersistently(
        {
          lane,
          retry,
          clock,
          onRetry: ({ code, fields }, waitMs) =>
            log.warn({ ...fields, code, waitMs }, 'GitHub request will be repeated'),
        },
        endpoint,
        async () => await send(endpoint),
      ),
    );
  };
}

function laneKey(auth: unknown): string {
  const installation =
    typeof auth === 'object' && auth !== null && 'installationId' in auth
      ? auth.installationId
      : 'app';
  return String(installation);
}

type ProbotOptions = NonNullable<ConstructorParameters<typeof ProbotOctokit>[0]>;

function probotOctokitWith(
  persistence: PersistencePlugin,
  fetch: Fetch,
  baseUrl: string | undefined,
): typeof ProbotOctokit {
  // The function form, because Probot overwrites an object's `throttle` when merging.
  return ProbotOctokit.plugin(persistence).defaults((options: ProbotOptions) => {
    // Probot's own `request` for minting tokens knows neither our base URL nor our time limit;
    // without it, the client uses itself to mint them.
    const { request: _request, ...auth } = { ...options.auth };
    return {
      ...options,
      ...(baseUrl !== undefined && { baseUrl }),
      auth,
      request: { ...options.request, fetch },
      throttle: { ...options.throttle, enabled: false },
      retry: { ...options.retry, enabled: false },
    };
  });
}

/** Octokit logs whole requests at debug and every expected 404 as an error. */
function quietLog(log: Logger) {
  return {
    debug: () => {},
    info: (message: string) => log.debug({}, message),
    warn: (message: string) => log.warn({}, message),
    error: (message: string) => log.debug({}, message),
  };
}

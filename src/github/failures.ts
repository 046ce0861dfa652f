import { GitHubError, type GitHubErrorCode } from './github-error.ts';
import { TransportError } from './transport.ts';

/** What the classification needs to know about a request. */
export interface RequestFacts {
  readonly method: string;
  /** The route with its placeholders, so that log lines group. */
  readonly url: string;
  /** Sending it twice has the same effect as once. */
  readonly repeatable: boolean;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/** How long to stay away when GitHub limits us without saying for how long. */
const UNSAID_WAIT_MS = 60_000;

/** Translates whatever Octokit threw. Goes by status, header and code, never by message. */
export function failureOf(error: unknown, request: RequestFacts, now: number): unknown {
  if (error instanceof GitHubError) return error;
  if (!(error instanceof Error)) return error;
  if (error.cause instanceof TransportError) return transportFailure(error.cause, request);
  const answer = answerOf(error);
  return answer === null ? error : answerFailure(answer, request, now, error);
}

/** The failure behind a 2xx: a body that is not JSON, or the errors of a GraphQL query. */
export function failureInside(answer: Answer, request: RequestFacts): GitHubError | null {
  if (typeof answer.data === 'string' && isJson(answer)) {
    const code = request.repeatable ? 'network' : 'uncertain';
    return new GitHubError(code, `GitHub's answer to ${name(request)} broke off`, {
      fields: factsOf(request, answer),
    });
  }
  return request.url.endsWith('/graphql') ? graphqlFailure(answer, request) : null;
}

function transportFailure(cause: TransportError, request: RequestFacts): GitHubError {
  const fields = factsOf(request, null);
  if (cause.reason === 'too-large') {
    return new GitHubError('validation', `GitHub's answer to ${name(request)} is too large`, {
      cause,
      fields,
    });
  }
  const code = cause.sent && !request.repeatable ? 'uncertain' : cause.reason;
  return new GitHubError(code, `no answer from GitHub to ${name(request)}: ${cause.reason}`, {
    cause,
    fields,
  });
}

function answerFailure(
  answer: Answer,
  request: RequestFacts,
  now: number,
  cause: Error,
): GitHubError {
  const { status } = answer;
  const retryAfterMs = limitOf(answer, now);
  const code = retryAfterMs === null ? codeFor(status, request) : 'rate-limited';
  const message = `GitHub answered ${status} to ${name(request)}: ${saidBy(answer)}`;
  const fields = factsOf(request, answer);
  return new GitHubError(code, message, {
    status,
    cause,
    fields,
    retryAfterMs: retryAfterMs ?? undefined,
  });
}

function codeFor(status: number, request: RequestFacts): GitHubErrorCode {
  if (status >= 500) return request.repeatable ? 'server' : 'uncertain';
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
    case 451:
      return 'forbidden';
    case 404:
    case 410:
      return 'not-found';
    default:
      return 'validation';
  }
}

/** How long GitHub wants us to wait, or null if this is not a limit. */
function limitOf({ status, headers, data }: Answer, now: number): number | null {
  if (status !== 403 && status !== 429) return null;
  const retryAfter = Number(headers['retry-after']);
  if (retryAfter > 0) return retryAfter * 1000;
  if (headers['x-ratelimit-remaining'] === '0') {
    // Plus one second, since the reset time is given in whole seconds.
    return Math.max(Number(headers['x-ratelimit-reset']) * 1000 - now, 0) + 1000;
  }
  return status === 429 || isLimitPage(data) ? UNSAID_WAIT_MS : null;
}

/** Without headers, a secondary limit differs from a missing permission by the page it links to. */
function isLimitPage(data: unknown): boolean {
  const page = fieldOf(data, 'documentation_url');
  return typeof page === 'string' && page.includes('rate-limit');
}

const GRAPHQL_CODES: Readonly<Record<string, GitHubErrorCode>> = {
  NOT_FOUND: 'not-found',
  FORBIDDEN: 'forbidden',
  INSUFFICIENT_SCOPES: 'forbidden',
  RATE_LIMITED: 'rate-limited',
  RATE_LIMIT: 'rate-limited',
  INTERNAL: 'server',
  SERVICE_UNAVAILABLE: 'server',
};

function graphqlFailure(answer: Answer, request: RequestFacts): GitHubError | null {
  const errors = fieldOf(answer.data, 'errors');
  if (!Array.isArray(errors) || errors.length === 0) return null;
  const type = fieldOf(errors[0], 'type');
  const code = GRAPHQL_CODES[String(type)] ?? 'validation';
  const said = String(fieldOf(errors[0], 'message') ?? type).slice(0, 300);
  return new GitHubError(code, `GitHub refused a GraphQL operation: ${said}`, {
    status: answer.status,
    fields: { ...factsOf(request, answer), type },
    retryAfterMs: code === 'rate-limited' ? UNSAID_WAIT_MS : undefined,
  });
}

function answerOf(error: Error): Answer | null {
  const response = fieldOf(error, 'response');
  return isAnswer(response) ? response : null;
}

function isAnswer(value: unknown): value is Answer {
  return (
    typeof fieldOf(value, 'status') === 'number' && typeof fieldOf(value, 'headers') === 'object'
  );
}

function isJson({ headers }: Answer): boolean {
  return String(headers['content-type']).startsWith('application/json');
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function saidBy({ data }: Answer): string {
  const message = fieldOf(data, 'message');
  const errors = fieldOf(data, 'errors');
  const text = typeof message === 'string' ? message : 'no reason given';
  return `${text}${Array.isArray(errors) ? ` ${JSON.stringify(errors)}` : ''}`.slice(0, 300);
}

function name({ method, url }: RequestFacts): string {
  return `${method} ${url}`;
}

function factsOf({ method, url }: RequestFacts, answer: Answer | null): Record<string, unknown> {
  return { method, url, requestId: answer?.headers['x-github-request-id'] };
}

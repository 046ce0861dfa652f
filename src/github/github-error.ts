import { AppError } from '../errors.ts';

export type GitHubErrorCode =
  | 'not-found'
  | 'forbidden'
  | 'unauthorized'
  | 'validation'
  /** `retryAfterMs` says when to come back. */
  | 'rate-limited'
  | 'server'
  | 'network'
  | 'timeout'
  /** A creating call whose answer was lost: look for its result before repeating it. */
  | 'uncertain';

export interface GitHubErrorDetail {
  status?: number | undefined;
  retryAfterMs?: number | undefined;
  cause?: unknown;
  fields?: Record<string, unknown>;
}

/** Everything that goes wrong between us and GitHub. */
export class GitHubError extends AppError {
  declare readonly code: GitHubErrorCode;
  /** What GitHub answered; undefined if no complete answer came. */
  readonly status: number | undefined;
  /** Set only for `rate-limited`. */
  readonly retryAfterMs: number | undefined;

  constructor(code: GitHubErrorCode, message: string, detail: GitHubErrorDetail = {}) {
    super(code, message, {
      cause: detail.cause,
      fields: { ...detail.fields, ...(detail.status !== undefined && { status: detail.status }) },
    });
    this.status = detail.status;
    this.retryAfterMs = detail.retryAfterMs;
  }
}

export function isGitHubError(error: unknown, code: GitHubErrorCode): error is GitHubError {
  return error instanceof GitHubError && error.code === code;
}

/** What `ask` finds, or null if GitHub says there is no such thing. */
export async function orNull<T>(ask: Promise<T>): Promise<T | null> {
  try {
    return await ask;
  } catch (error) {
    if (isGitHubError(error, 'not-found')) return null;
    throw error;
  }
}

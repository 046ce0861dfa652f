import { AppError } from '../../errors.ts';

export type GitErrorCode =
  | 'git-aborted'
  | 'git-auth'
  | 'git-corrupt'
  | 'git-disk-full'
  | 'git-failed'
  | 'git-invalid-request'
  | 'git-locked'
  | 'git-moved'
  | 'git-network'
  | 'git-not-found'
  | 'git-timeout'
  | 'git-too-large'
  | 'git-unavailable'
  | 'git-unknown-commit';

const TRANSIENT = new Set<GitErrorCode>(['git-locked', 'git-network', 'git-timeout']);

/** A git operation that failed. Its message never holds a credential. */
export class GitError extends AppError {
  declare readonly code: GitErrorCode;

  constructor(
    code: GitErrorCode,
    message: string,
    options: { cause?: unknown; fields?: Record<string, unknown> } = {},
  ) {
    super(code, message, options);
  }

  /** Whether the same call may work if made again later. */
  get transient(): boolean {
    return TRANSIENT.has(this.code);
  }
}

export function isGitError(error: unknown, ...codes: GitErrorCode[]): error is GitError {
  return error instanceof GitError && (codes.length === 0 || codes.includes(error.code));
}

/** The first matching row decides, so the rows go from specific to general. */
const SIGNS: readonly (readonly [RegExp, GitErrorCode])[] = [
  [/No space left on device|Disk quota exceeded/, 'git-disk-full'],
  [/\.lock': File exists|cannot lock ref|could not lock|another git process/i, 'git-locked'],
  [/returned error: 30\d|unable to update url base from redirection/, 'git-moved'],
  [
    /returned error: (401|403)|Authentication failed|could not read (Username|Password)/,
    'git-auth',
  ],
  [/returned error: 404|repository '.*' not found|does not appear to be a git/, 'git-not-found'],
  [
    /not our ref|unadvertised object|couldn't find remote ref|bad object|bad revision|unknown revision|[Nn]ot a valid object name|not a tree object|[Cc]ould not parse object|is not a commit/,
    'git-unknown-commit',
  ],
  [
    /Could not resolve|[Ff]ailed to connect|[Cc]ouldn't connect|Connection (refused|reset|timed out)|Operation (too slow|timed out)|returned error: (408|429|5\d\d)|early EOF|hung up|RPC failed|unexpected disconnect|Empty reply|transfer closed|bad line length|expected flush|SSL|TLS/,
    'git-network',
  ],
  [
    /not a git repository|corrupt|unable to read|loose object|inflate|missing (blob|tree|commit)|bad tree|index file (smaller|corrupt)|bad (index|signature)|unable to resolve reference|broken|packfile/,
    'git-corrupt',
  ],
];

/** What git's own words mean. The server makes up its `remote:` lines, so they decide nothing. */
export function codeFor(stderr: string): GitErrorCode {
  const own = stderr
    .split('\n')
    .filter((line) => !line.startsWith('remote:'))
    .join('\n');
  return SIGNS.find(([sign]) => sign.test(own))?.[1] ?? 'git-failed';
}

import { runSubprocess, type SubprocessResult } from '../subprocess.ts';
import { type Credential, credentialConfig, scrub } from './credentials.ts';
import { codeFor, GitError, type GitErrorCode } from './git-error.ts';
import { withoutHints } from './git-words.ts';
import { HARDENED_CONFIG } from './hardened-config.ts';

export interface Remote {
  readonly cloneUrl: string;
  readonly credential: Credential;
}

interface GitCall {
  readonly args: readonly string[];
  /** Always given, so that git never searches for a repository in a directory an agent could write. */
  readonly gitDir: string;
  readonly workTree?: string;
  /** An index to use instead of the worktree's own. */
  readonly indexFile?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: readonly (readonly [string, string])[];
  /** Present if the call goes over the network. */
  readonly remote?: Remote;
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  readonly maxOutputBytes?: number;
  /** Allows output to be cut at `maxOutputBytes` instead of failing. */
  readonly mayTruncate?: boolean;
  /** Exit codes that are answers rather than failures. */
  readonly accept?: readonly number[];
}

interface GitOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
}

export type Git = (call: GitCall) => Promise<GitOutput>;

export interface GitOptions {
  /** An empty directory, so that git finds nobody's settings there. */
  readonly home: string;
  readonly searchPath: string;
  /** Proxy and certificate settings to pass on. */
  readonly environment: Readonly<Record<string, string>>;
  /** Limits for a local command and for one that uses the network. */
  readonly localTimeoutMs: number;
  readonly networkTimeoutMs: number;
}

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** The one place that starts git: closed environment, hardened settings, errors with a code and no secrets. */
export function createGit(options: GitOptions): Git {
  return async (call) => {
    const limit = call.remote === undefined ? options.localTimeoutMs : options.networkTimeoutMs;
    const result = await runSubprocess({
      command: 'git',
      args: argumentsFor(call),
      cwd: call.workTree ?? call.gitDir,
      env: environmentFor(options, call),
      timeoutMs: call.timeoutMs ?? limit,
      maxOutputBytes: call.maxOutputBytes ?? MAX_OUTPUT_BYTES,
      ...(call.input === undefined ? {} : { input: call.input }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
    return outputOf(call, result);
  };
}

function argumentsFor(call: GitCall): string[] {
  const workTree = call.workTree === undefined ? [] : [`--work-tree=${call.workTree}`];
  return ['--no-pager', `--git-dir=${call.gitDir}`, ...workTree, ...call.args];
}

function environmentFor(options: GitOptions, call: GitCall): Record<string, string> {
  const config = [...HARDENED_CONFIG, ...(call.config ?? [])];
  if (call.remote !== undefined) {
    config.push(...credentialConfig(call.remote.cloneUrl, call.remote.credential));
  }
  const env: Record<string, string> = {
    ...options.environment,
    PATH: options.searchPath,
    HOME: options.home,
    XDG_CONFIG_HOME: options.home,
    LC_ALL: 'C.UTF-8',
    LANGUAGE: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: protocolOf(call.remote),
    GIT_EDITOR: ':',
    ...call.env,
    GIT_CONFIG_COUNT: String(config.length),
  };
  if (call.indexFile !== undefined) env['GIT_INDEX_FILE'] = call.indexFile;
  for (const [number, [key, value]] of config.entries()) {
    env[`GIT_CONFIG_KEY_${number}`] = key;
    env[`GIT_CONFIG_VALUE_${number}`] = value;
  }
  return env;
}

/** Only the transport this very call needs; an unknown word allows none. */
function protocolOf(remote: Remote | undefined): string {
  return remote === undefined ? 'none' : new URL(remote.cloneUrl).protocol.slice(0, -1);
}

function outputOf(call: GitCall, result: SubprocessResult): GitOutput {
  const { endedBy, exitCode, stdout, stderr, truncated } = result;
  if (endedBy !== 'exit' || exitCode === null) throw failure(call, endCode(endedBy), result);
  if (exitCode !== 0 && !call.accept?.includes(exitCode)) {
    throw failure(call, codeFor(stderr), result);
  }
  if (truncated && call.mayTruncate !== true) throw failure(call, 'git-too-large', result);
  return { exitCode, stdout, stderr: scrub(stderr, call.remote?.credential), truncated };
}

function endCode(endedBy: SubprocessResult['endedBy']): GitErrorCode {
  if (endedBy === 'timeout') return 'git-timeout';
  if (endedBy === 'abort') return 'git-aborted';
  return endedBy === 'spawn-error' ? 'git-unavailable' : 'git-failed';
}

function failure(call: GitCall, code: GitErrorCode, result: SubprocessResult): GitError {
  const verb = call.args[0] ?? '';
  const words = withoutHints(scrub(result.stderr, call.remote?.credential)).slice(-2_000);
  return new GitError(code, `git ${verb} failed (${code}): ${words || result.endedBy}`, {
    fields: { verb, exitCode: result.exitCode, endedBy: result.endedBy },
    ...(result.error === undefined ? {} : { cause: result.error }),
  });
}

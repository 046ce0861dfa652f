import { createHome } from '../../agents/launch/agent-home.ts';
import { SYSTEM_PATH } from '../../agents/launch/find-program.ts';
import { searchPath } from '../../agents/launch/launch-spec.ts';
import { confine, NODE_PATHS, SANDBOX_HOME, type Sandbox } from '../../agents/launch/sandbox.ts';
import { scrubSecrets } from '../../render/text/scrub.ts';
import {
  type ProgramCall,
  runSubprocess,
  type SubprocessResult,
} from '../../workspace/subprocess.ts';

export interface LineRequest {
  readonly line: string;
  readonly cwd: string;
  readonly writes: boolean;
  /** What else it must be able to read, such as the repository's git directory. */
  readonly readonlyPaths: readonly string[];
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly signal: AbortSignal;
}

export interface CommandResult {
  readonly endedBy: SubprocessResult['endedBy'];
  readonly exitCode: number | null;
  /** Both limited, with the middle cut out and anything that looks like a secret removed. */
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly durationMs: number;
}

/** Runs workflow commands: with their own home, no network and nothing of our environment. */
export interface Commands {
  /** False: a command can do whatever this process can. */
  readonly isConfined: boolean;
  /** Where programs are looked for. */
  readonly path: string;
  run(request: LineRequest): Promise<CommandResult>;
  /** Removes anything that is or looks like a secret. */
  mask(text: string): string;
}

export interface CommandsOptions {
  readonly sandbox: Sandbox | undefined;
  /** Where each command gets a private home: the agents' folder, so that what a kill leaves is swept. */
  readonly homeRoot: string;
  /** Values that never appear in an output. */
  readonly secrets: readonly string[];
  readonly systemPath?: string;
}

const MIN_SECRET = 8;
const MAX_LINE = 100_000;

export function createCommands(options: CommandsOptions): Commands {
  const { sandbox, homeRoot } = options;
  const path = searchPath(options.systemPath ?? SYSTEM_PATH, process.execPath);
  const secrets = options.secrets.filter((secret) => secret.length >= MIN_SECRET);
  const mask = (text: string): string =>
    scrubSecrets(
      secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret removed]'), text),
    );
  return {
    isConfined: sandbox !== undefined,
    path,
    mask,
    async run(request) {
      if (request.line.length > MAX_LINE) return tooLong(request.line.length);
      const home = await createHome(homeRoot);
      try {
        const places = { home: home.path, etc: home.etc, tmp: home.tmp };
        const result = await runSubprocess({
          ...commandFor(request, sandbox, path, places),
          timeoutMs: request.timeoutMs,
          maxOutputBytes: request.maxOutputBytes,
          keep: 'ends',
          signal: request.signal,
        });
        return masked(result, mask);
      } finally {
        await home.remove();
      }
    },
  };
}

function commandFor(
  request: LineRequest,
  sandbox: Sandbox | undefined,
  path: string,
  places: { home: string; etc: string; tmp: string },
): ProgramCall {
  const { cwd, line, writes, readonlyPaths } = request;
  const command: ProgramCall = {
    command: '/bin/sh',
    args: ['-c', line],
    cwd,
    env: {
      PATH: path,
      HOME: sandbox === undefined ? places.home : SANDBOX_HOME,
      TMPDIR: sandbox === undefined ? places.tmp : '/tmp',
      USER: 'agent',
      LOGNAME: 'agent',
      SHELL: '/bin/sh',
      LANG: 'C.UTF-8',
      TERM: 'dumb',
      CI: 'true',
    },
  };
  if (sandbox === undefined) return command;
  return confine(sandbox, command, {
    access: writes ? 'full' : 'readonly',
    cwd,
    home: places.home,
    etc: places.etc,
    readonlyPaths: [...NODE_PATHS, ...readonlyPaths],
    writablePaths: [],
  });
}

function masked(result: SubprocessResult, mask: (text: string) => string): CommandResult {
  const { endedBy, exitCode, truncated, durationMs, error } = result;
  return {
    endedBy,
    exitCode,
    truncated,
    durationMs,
    stdout: mask(result.stdout),
    stderr: mask(error === undefined ? result.stderr : error.message),
  };
}

function tooLong(length: number): CommandResult {
  const stderr = `The command has ${length} characters, more than the ${MAX_LINE} allowed.`;
  const nothing = { exitCode: null, stdout: '', truncated: false, durationMs: 0 };
  return { ...nothing, endedBy: 'spawn-error', stderr };
}

import { existsSync } from 'node:fs';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../errors.ts';
import { type ProgramCall, runSubprocess } from '../../workspace/subprocess.ts';
import { type FileAccess, mayWrite } from '../agent.ts';
import { findProgram, SYSTEM_PATH } from './find-program.ts';

export type SandboxMode = 'auto' | 'required' | 'off';

/** A bubblewrap that has been seen to work on this machine. */
export interface Sandbox {
  readonly program: string;
  readonly baseArgs: readonly string[];
  /** What carries TCP to the gateway's socket file inside: socat, or else a small Node program. */
  readonly relay: readonly string[];
}

export interface Confinement {
  access: FileAccess;
  cwd: string;
  /** The host's folder that becomes the agent's home. */
  home: string;
  /** The host's folder with the `passwd`, `group` and `hosts` the agent sees. */
  etc: string;
  /** Socket of the gateway; if absent, nothing at all can be reached. */
  socketPath?: string;
  readonlyPaths: readonly string[];
  writablePaths: readonly string[];
}

export const SANDBOX_HOME = '/home/agent';
export const SANDBOX_PORT = 4020;
const SANDBOX_SOCKET = '/run/gateway.sock';
const RELAY_SCRIPT = fileURLToPath(new URL('relay.ts', import.meta.url));
const ISOLATION =
  '--die-with-parent --new-session --unshare-all --unshare-user --uid 1000 --gid 1000 ' +
  '--hostname sandbox --proc /proc --dev /dev --tmpfs /tmp --tmpfs /run';
const PROBE_TIMEOUT_MS = 10_000;
const END_TIMEOUT_MS = 2_000;
const END_POLL_MS = 2;
const TOP_FOLDERS = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
const SYSTEM_PATHS = [
  '/usr',
  '/etc/alternatives',
  '/etc/ca-certificates',
  '/etc/ld.so.cache',
  '/etc/localtime',
  '/etc/mime.types',
  '/etc/nsswitch.conf',
  '/etc/pki',
  '/etc/ssl',
];

export class SandboxError extends AppError {
  constructor(reason: string) {
    super('no-sandbox', `Agents must run in a sandbox here, but ${reason}`);
  }
}

/** Finds a working sandbox. Undefined means to run without one, which `required` never allows. */
export async function findSandbox(
  mode: SandboxMode,
  systemPath: string,
): Promise<Sandbox | undefined> {
  if (mode === 'off') return undefined;
  const found = await probe(systemPath);
  if (typeof found !== 'string') return found;
  if (mode === 'required') throw new SandboxError(found);
  return undefined;
}

/** Wraps a command so that it sees the system, the worktree and its own home, and reaches nothing but the gateway. */
export function confine(
  sandbox: Sandbox,
  command: ProgramCall,
  confinement: Confinement,
): ProgramCall {
  const { cwd, home, etc, socketPath, access } = confinement;
  const mounts = [
    ...mountsOf(confinement),
    ['--bind', home, SANDBOX_HOME],
    ...['passwd', 'group', 'hosts'].map((file) => ['--ro-bind', join(etc, file), `/etc/${file}`]),
    ...(socketPath === undefined ? [] : [['--ro-bind', socketPath, SANDBOX_SOCKET]]),
    ...(mayWrite(access) ? protectGit(cwd) : []),
  ];
  const inside = [command.command, ...command.args];
  if (socketPath !== undefined) inside.unshift('/bin/sh', '-c', startOf(sandbox.relay));
  const args = [...sandbox.baseArgs, ...mounts.flat(), '--chdir', cwd, '--', ...inside];
  return { command: sandbox.program, args, cwd: '/', env: command.env };
}

/** A shell line that starts the relay beside the command it is given. */
function startOf(relay: readonly string[]): string {
  return `${relay.map(quoteForShell).join(' ')} </dev/null >/dev/null 2>&1 & exec "$0" "$@"`;
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Process number one of a confined program: when it is gone, so is everything inside. */
export async function insideOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return children.split(' ').filter(Boolean).map(Number);
}

export function killInside(inside: readonly number[]): void {
  for (const pid of inside) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** Waits until everything inside has ended: bubblewrap itself may be gone a moment earlier. */
export async function insideEnded(inside: readonly number[]): Promise<void> {
  const deadline = performance.now() + END_TIMEOUT_MS;
  while (performance.now() < deadline && (await Promise.all(inside.map(isAlive))).includes(true)) {
    await sleep(END_POLL_MS);
  }
}

async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // A zombie has ended and is waiting for this machine's init to notice.
  return stat !== undefined && !/\) [ZX] /.test(stat);
}

/** Parents come before what is inside them, so that the more specific rule wins. */
function mountsOf({ cwd, access, readonlyPaths, writablePaths }: Confinement): string[][] {
  const modes = new Map(readonlyPaths.map((path) => [path, '--ro-bind-try']));
  for (const path of writablePaths) modes.set(path, '--bind-try');
  modes.set(cwd, mayWrite(access) ? '--bind' : '--ro-bind');
  return [...modes]
    .toSorted(([a], [b]) => a.length - b.length)
    .map(([path, mode]) => [mode, path, path]);
}

/** The engine commits. An agent that could write here could plant a hook that runs outside. */
function protectGit(cwd: string): string[][] {
  const git = join(cwd, '.git');
  return existsSync(git) ? [['--ro-bind', git, git]] : [];
}

async function probe(systemPath: string): Promise<Sandbox | string> {
  const program = await findProgram('bwrap', systemPath);
  if (program === undefined) return 'bubblewrap (bwrap) is not installed.';
  const relay = await relayCommand(systemPath);
  let problem = '';
  // Older bubblewrap does not know how to forbid further namespaces.
  for (const extra of [['--disable-userns'], []]) {
    const baseArgs = [...(await baseArguments()), ...extra];
    const args = [...baseArgs, '--', '/bin/sh', '-c', 'exit 0'];
    const env = { PATH: SYSTEM_PATH };
    const tried = await runSubprocess({
      command: program,
      args,
      cwd: '/',
      env,
      timeoutMs: PROBE_TIMEOUT_MS,
    });
    if (tried.exitCode === 0) return { program, baseArgs, relay };
    problem = tried.stderr.trim() || `it ended by ${tried.endedBy}`;
  }
  return `bubblewrap does not work: ${problem}`;
}

async function baseArguments(): Promise<string[]> {
  return [
    ...ISOLATION.split(' '),
    ...SYSTEM_PATHS.filter((path) => existsSync(path)).flatMap((path) => ['--ro-bind', path, path]),
    ...(await Promise.all(TOP_FOLDERS.map(topFolder))).flat(),
  ];
}

/** `/bin` and its like are links into `/usr` on most systems and folders on some. */
async function topFolder(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const isLink = (await lstat(path)).isSymbolicLink();
  return isLink ? ['--symlink', await readlink(path), path] : ['--ro-bind', path, path];
}

async function relayCommand(systemPath: string): Promise<string[]> {
  const socat = await findProgram('socat', systemPath);
  if (socat === undefined) {
    return [process.execPath, RELAY_SCRIPT, String(SANDBOX_PORT), SANDBOX_SOCKET];
  }
  const listen = `TCP-LISTEN:${SANDBOX_PORT},bind=127.0.0.1,fork,reuseaddr,backlog=64`;
  return [socat, listen, `UNIX-CONNECT:${SANDBOX_SOCKET}`];
}

/** What the relay and agents written for Node must see if Node is not in a system folder. */
export const NODE_PATHS: readonly string[] = [process.execPath, RELAY_SCRIPT];

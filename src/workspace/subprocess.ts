import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProgramCall {
  command: string;
  args: readonly string[];
  cwd: string;
  /** Exactly what the process sees; nothing is inherited. */
  env: Readonly<Record<string, string>>;
}

/** `ends`: the beginning and the end, with a note of what was cut out between them. */
type Keep = 'head' | 'tail' | 'ends';

export interface SubprocessRequest extends ProgramCall {
  input?: string | Uint8Array;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Time between SIGTERM and SIGKILL. */
  graceMs?: number;
  /** Limit per stream; anything beyond it is read and dropped. */
  maxOutputBytes?: number;
  /** Which end of an overlong output is worth keeping. */
  keep?: Keep;
}

export interface SubprocessResult {
  endedBy: 'exit' | 'signal' | 'timeout' | 'abort' | 'spawn-error';
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  truncated: boolean;
  durationMs: number;
  error?: Error;
}

export interface ProcessExit {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** Set if the program could not be started at all. */
  error?: Error;
}

export interface LongLivedProcess {
  readonly pid: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves once, when the program has ended or could not be started; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Ends the whole process group: SIGTERM, then SIGKILL after the grace time. May be called twice. */
  stop(graceMs?: number): Promise<ProcessExit>;
}

const DEFAULT_GRACE_MS = 2_000;
const DEFAULT_MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** How long an ended program's pipes may be held open by a child it left behind. */
const LINGER_MS = 250;

/** Runs a program to its end and says why it ended. Expected ends are values; it never rejects. */
export async function runSubprocess(request: SubprocessRequest): Promise<SubprocessResult> {
  const started = performance.now();
  const limit = request.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES;
  const stdout = outputOf(limit, request.keep ?? 'head');
  const stderr = outputOf(limit, request.keep ?? 'head');
  const finish = (endedBy: SubprocessResult['endedBy'], exit: ProcessExit): SubprocessResult => ({
    endedBy,
    ...exit,
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: stdout.truncated || stderr.truncated,
    durationMs: Math.round(performance.now() - started),
  });
  if (request.signal?.aborted) return finish('abort', { exitCode: null, signal: null });

  const child = start(request, request.input === undefined ? 'ignore' : 'pipe');
  const drained = Promise.all([collect(child.stdout, stdout), collect(child.stderr, stderr)]);
  child.stdin.end(request.input ?? '');
  const { exit, cause } = await waitFor(child, request);

  await Promise.race([drained, sleep(LINGER_MS, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  if (exit.error !== undefined) return finish('spawn-error', exit);
  return finish(cause ?? (exit.signal === null ? 'exit' : 'signal'), exit);
}

/** Starts a program that talks over its streams until stopped. A failure to start shows in `exited`. */
export function spawnProcess(command: ProgramCall): LongLivedProcess {
  return start(command, 'pipe');
}

function start(command: ProgramCall, input: 'pipe' | 'ignore'): LongLivedProcess {
  const child = tryToSpawn(command, input);
  if (child instanceof Error) return neverStarted(child);

  // A program that has gone away makes our writes fail with EPIPE; `exited` tells that story.
  child.stdin?.on('error', () => undefined);
  let stopping: Promise<ProcessExit> | undefined;
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('error', (error) => resolve({ exitCode: null, signal: null, error }));
    child.once('exit', (exitCode, signal) => {
      signalGroup(child, 'SIGKILL');
      resolve({ exitCode, signal });
    });
  });
  return {
    pid: child.pid,
    stdin: child.stdin ?? new PassThrough().resume(),
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    stop(graceMs = DEFAULT_GRACE_MS) {
      stopping ??= stopGroup(child, exited, graceMs);
      return stopping;
    },
  };
}

async function waitFor(
  child: LongLivedProcess,
  request: SubprocessRequest,
): Promise<{ exit: ProcessExit; cause: 'timeout' | 'abort' | undefined }> {
  let cause: 'timeout' | 'abort' | undefined;
  const end = (reason: 'timeout' | 'abort') => {
    cause ??= reason;
    void child.stop(request.graceMs);
  };
  const onAbort = () => end('abort');
  const timer =
    request.timeoutMs === undefined ? undefined : setTimeout(end, request.timeoutMs, 'timeout');
  request.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return { exit: await child.exited, cause };
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', onAbort);
  }
}

type Child = ChildProcessByStdio<Writable | null, Readable, Readable>;

function tryToSpawn(command: ProgramCall, input: 'pipe' | 'ignore'): Child | Error {
  const { cwd, env, args } = command;
  // A group of its own, so that everything the program starts can be ended with it.
  const options = { cwd, env: { ...env }, detached: true };
  try {
    // Without input it reads /dev/null: bash takes a socket for a remote login and runs ~/.bashrc.
    return input === 'ignore'
      ? spawn(command.command, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn(command.command, [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (error) {
    // Some failures are thrown rather than emitted: overlong arguments, a zero byte in a path.
    return error instanceof Error ? error : new Error(String(error));
  }
}

function neverStarted(reason: Error): LongLivedProcess {
  const exit: ProcessExit = { exitCode: null, signal: null, error: reason };
  return {
    pid: undefined,
    stdin: new PassThrough().resume(),
    stdout: new PassThrough().end(),
    stderr: new PassThrough().end(),
    exited: Promise.resolve(exit),
    stop: () => Promise.resolve(exit),
  };
}

async function stopGroup(
  child: ChildProcess,
  exited: Promise<ProcessExit>,
  graceMs: number,
): Promise<ProcessExit> {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  try {
    return await exited;
  } finally {
    clearTimeout(timer);
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // ESRCH: the group is already gone, which is what was wanted.
  }
}

/** Resolves when the stream has ended, failed or been destroyed. */
function collect(stream: Readable, output: Output): Promise<void> {
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => output.add(chunk));
    stream.on('error', () => resolve());
    stream.once('close', () => resolve());
  });
}

interface Output {
  readonly truncated: boolean;
  add(chunk: Buffer): void;
  text(): string;
}

function outputOf(limit: number, keep: Keep): Output {
  return keep === 'ends' ? new OutputEnds(limit) : new BoundedOutput(limit, keep);
}

class OutputEnds implements Output {
  readonly #head: BoundedOutput;
  readonly #tail: BoundedOutput;
  #headRoom: number;
  #size = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
    this.#headRoom = Math.floor(limit / 2);
    this.#head = new BoundedOutput(this.#headRoom, 'head');
    this.#tail = new BoundedOutput(limit - this.#headRoom, 'tail');
  }

  get truncated(): boolean {
    return this.#size > this.#limit;
  }

  add(chunk: Buffer): void {
    this.#size += chunk.length;
    const first = chunk.subarray(0, this.#headRoom);
    this.#headRoom -= first.length;
    if (first.length > 0) this.#head.add(first);
    if (first.length < chunk.length) this.#tail.add(chunk.subarray(first.length));
  }

  text(): string {
    const cut = this.#size - this.#limit;
    const note = cut > 0 ? `\n[${cut} bytes cut out here]\n` : '';
    return this.#head.text() + note + this.#tail.text();
  }
}

class BoundedOutput implements Output {
  truncated = false;
  readonly #limit: number;
  readonly #keep: 'head' | 'tail';
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(limit: number, keep: 'head' | 'tail') {
    this.#limit = limit;
    this.#keep = keep;
  }

  add(chunk: Buffer): void {
    if (this.#keep === 'head') this.#addToHead(chunk);
    else this.#addToTail(chunk);
  }

  text(): string {
    const all = Buffer.concat(this.#chunks);
    return (this.#keep === 'tail' ? all.subarray(-this.#limit) : all).toString('utf8');
  }

  #addToHead(chunk: Buffer): void {
    const room = this.#limit - this.#size;
    if (chunk.length > room) this.truncated = true;
    if (room <= 0) return;
    this.#push(chunk.subarray(0, room));
  }

  #addToTail(chunk: Buffer): void {
    this.#push(chunk);
    if (this.#size > this.#limit) this.truncated = true;
    while (this.#size - (this.#chunks[0]?.length ?? 0) >= this.#limit) {
      this.#size -= this.#chunks.shift()?.length ?? 0;
    }
  }

  #push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }
}

import { tmpdir } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { runSubprocess, type SubprocessRequest, spawnProcess } from '#src/workspace/subprocess.ts';
import { processesWith } from '#test/support/agent-fixture.ts';

/** A number of seconds nobody else on this machine sleeps. */
const LONG = 3_000_000_000 + process.pid;

const shell = (script: string, request: Partial<SubprocessRequest> = {}) =>
  runSubprocess({
    command: '/bin/sh',
    args: ['-c', script],
    cwd: tmpdir(),
    env: { PATH: '/usr/bin:/bin' },
    graceMs: 100,
    ...request,
  });

describe('runSubprocess', () => {
  it('answers with the output and the exit code', async () => {
    const result = await shell('echo out; echo err >&2; exit 3');

    expect(result).toMatchObject({
      endedBy: 'exit',
      exitCode: 3,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
      truncated: false,
    });
  });

  it('passes exactly the environment it was given', async () => {
    const result = await runSubprocess({
      command: '/usr/bin/env',
      args: [],
      cwd: '/',
      env: { A: 'b' },
    });

    expect(result.stdout).toBe('A=b\n');
  });

  it('gives the input, and none when there is none', async () => {
    expect((await shell('cat', { input: 'text' })).stdout).toBe('text');
    expect((await shell('cat; readlink /proc/self/fd/0')).stdout).toBe('/dev/null\n');
  });

  it('does not mind a program that does not read its input', async () => {
    const result = await shell('exit 0', { input: 'x'.repeat(1_000_000) });

    expect(result).toMatchObject({ endedBy: 'exit', exitCode: 0 });
  });

  it.each([
    { name: 'that is not there', request: { command: 'no-such-program' } },
    { name: 'in a folder that is not there', request: { cwd: '/no/such/folder' } },
    { name: 'with an argument that cannot be passed', request: { args: ['a\0b'] } },
  ])('answers for a program $name', async ({ request }) => {
    const result = await shell('exit 0', request);

    expect(result).toMatchObject({ endedBy: 'spawn-error', exitCode: null, stdout: '' });
    expect(result.error).toBeInstanceOf(Error);
  });

  it('says when a program was killed by somebody else', async () => {
    expect(await shell('kill -9 $$')).toMatchObject({ endedBy: 'signal', signal: 'SIGKILL' });
  });

  it('ends a program that takes too long, and first asks it to', async () => {
    const script = 'trap "echo bye; exit 1" TERM; sleep 60 & wait';

    const result = await shell(script, { timeoutMs: 2_000, graceMs: 10_000 });

    expect(result).toMatchObject({ endedBy: 'timeout', stdout: 'bye\n' });
  });

  it('kills the whole group of a program that does not listen', async () => {
    const script = `trap "" TERM; sleep ${LONG} & while true; do sleep ${LONG}; done`;

    const result = await shell(script, { timeoutMs: 2_000 });

    expect(result).toMatchObject({ endedBy: 'timeout', signal: 'SIGKILL' });
    await vi.waitFor(() => expect(processesWith(`sleep ${LONG}`)).toEqual([]), { timeout: 30_000 });
  });

  it('ends a program on abort, and never starts one that was aborted before', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);

    expect(await shell('sleep 60', { signal: controller.signal })).toMatchObject({
      endedBy: 'abort',
    });
    expect(await shell('echo ran', { signal: AbortSignal.abort() })).toMatchObject({
      endedBy: 'abort',
      stdout: '',
    });
  });

  it('does not wait for children a program leaves behind, nor leave them', async () => {
    const result = await shell(`sleep ${LONG} & echo done`);

    expect(result).toMatchObject({ endedBy: 'exit', stdout: 'done\n' });
    await vi.waitFor(() => expect(processesWith(`sleep ${LONG}`)).toEqual([]), { timeout: 30_000 });
  });

  it.each([
    { keep: 'head' as const, stdout: '1\n2\n3' },
    { keep: 'tail' as const, stdout: '\n100\n' },
  ])('keeps the $keep of an output that is too long', async ({ keep, stdout }) => {
    const result = await shell('seq 100', { maxOutputBytes: 5, keep });

    expect(result).toMatchObject({ endedBy: 'exit', exitCode: 0, stdout, truncated: true });
  });
});

describe('spawnProcess', () => {
  it('talks with a program until it is stopped', async () => {
    const cat = spawnProcess({
      command: 'cat',
      args: [],
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
    });
    const heard = new Promise<string>((resolve) => {
      cat.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    });
    cat.stdin.write('hello');

    expect(await heard).toBe('hello');
    expect(await cat.stop()).toEqual({ exitCode: null, signal: 'SIGTERM' });
    expect(await cat.stop()).toEqual({ exitCode: null, signal: 'SIGTERM' });
  });

  it('survives writing to a program that has ended', async () => {
    const program = spawnProcess({
      command: 'true',
      args: [],
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
    });
    await program.exited;

    program.stdin.write('anybody there?');

    expect(await program.stop()).toEqual({ exitCode: 0, signal: null });
  });

  it('tells in its end that it could not start', async () => {
    const program = spawnProcess({ command: 'no-such-program', args: [], cwd: '/', env: {} });

    const exit = await program.exited;

    expect(exit).toMatchObject({ exitCode: null, signal: null });
    expect(exit.error).toMatchObject({ code: 'ENOENT' });
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { eventually } from '../eventually.ts';

export interface SpawnedSetup {
  readonly url: string;
  /** The address of the setup page, as the process logged it. */
  readonly page: string;
  /** Everything it has written so far. */
  output(): string;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

/** Starts the application without an App's credentials and waits for its setup page. */
export async function spawnSetup(env: Readonly<Record<string, string>>): Promise<SpawnedSetup> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [PROGRAM], {
    env: { PATH: process.env['PATH'], ...env, PORT: String(port), SLUICE_BASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const page = await eventually('the address of the setup page', () => {
    if (child.exitCode !== null) throw new Error(output);
    return /"setup":"([^"]+)"/.exec(output)?.[1];
  });
  return { url, page, output: () => output, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

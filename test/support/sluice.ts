import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino, { type Logger } from 'pino';
import { stringify } from 'yaml';
import { readConfig } from '#src/config.ts';
import { type Running, startSluice } from '#src/start.ts';
import { eventually } from './eventually.ts';
import type { LocalGitHub } from './github/local-github.ts';
import { prepareStartedDataDir } from './pglite-template.ts';
import type { Scenario } from './scripted/scenario.ts';
import { type ScriptedOptions, scriptedEntry } from './scripted-catalog.ts';

export interface TestHome {
  readonly dir: string;
  /** What the process reads as its environment. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export interface HomeOptions {
  readonly github: LocalGitHub;
  readonly scenario: Scenario;
  readonly databaseUrl?: string | undefined;
  readonly agent?: Omit<ScriptedOptions, 'scenario' | 'state'>;
  readonly env?: Readonly<Record<string, string>>;
  /** Nothing was ever started here: the application makes its embedded database itself. */
  readonly firstStart?: boolean;
}

/** A data directory with the scripted agent in its catalogue, and the environment that goes with it. */
export async function makeHome({
  github,
  scenario,
  databaseUrl,
  agent,
  env,
  firstStart = false,
}: HomeOptions): Promise<TestHome> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-'));
  const dataDir = join(dir, 'data');
  if (databaseUrl === undefined && !firstStart) await prepareStartedDataDir(dataDir);
  const scenarioFile = join(dir, 'scenario.json');
  const agentsFile = join(dir, 'agents.yaml');
  await writeFile(scenarioFile, JSON.stringify(scenario));
  // How often an entry was played has to outlive the agent's process.
  const state = join(dir, 'plays');
  await mkdir(state);
  const scripted = scriptedEntry({ ...agent, scenario: scenarioFile, state });
  await writeFile(agentsFile, stringify({ agents: { scripted } }));
  return {
    dir,
    env: {
      APP_ID: String(github.app.appId),
      PRIVATE_KEY: github.app.privateKey,
      WEBHOOK_SECRET: github.app.webhookSecret,
      GITHUB_API_URL: github.url,
      HOST: '127.0.0.1',
      PORT: '0',
      SLUICE_DATA_DIR: dataDir,
      SLUICE_AGENTS_FILE: agentsFile,
      SLUICE_AGENT: 'scripted',
      SLUICE_COMMENT_DELAY_MS: '0',
      SLUICE_EDIT_INTERVAL_MS: '0',
      SLUICE_GITHUB_WRITE_INTERVAL_MS: '0',
      SLUICE_DRAIN_SECONDS: '5',
      LOG_LEVEL: 'warn',
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      ...env,
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Starts the application in this process, the way `main.ts` does, and tells GitHub where it is. */
export async function startHere(
  github: LocalGitHub,
  home: TestHome,
  log?: Logger,
): Promise<Running> {
  const config = readConfig(home.env);
  if (config.app === null) throw new Error('the test environment has no app');
  const running = await startSluice(config, config.app, log ?? pino({ level: config.LOG_LEVEL }));
  github.setWebhookUrl(running.webhookUrl);
  return running;
}

export interface SpawnedSluice {
  readonly pid: number;
  readonly webhookUrl: string;
  /** SIGKILL, to the process and everything it started. */
  kill(): Promise<void>;
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Starts the application as a process of its own and waits until it is ready. */
export async function spawnSluice(github: LocalGitHub, home: TestHome): Promise<SpawnedSluice> {
  const port = await freePort();
  const log = openSync(join(home.dir, 'sluice.log'), 'a');
  const child = spawn(process.execPath, [PROGRAM], {
    env: { PATH: process.env['PATH'], HOME: home.dir, ...home.env, PORT: String(port) },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const webhookUrl = `${url}/api/github/webhooks`;
  // A process asks for what was lost as soon as it listens, and GitHub has to know the way by then.
  github.setWebhookUrl(webhookUrl);
  await eventually('the process to be ready', async () => {
    if (child.exitCode !== null)
      throw new Error(await readFile(join(home.dir, 'sluice.log'), 'utf8'));
    return (await fetch(`${url}/readyz`)).ok;
  });
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  return {
    pid: child.pid ?? 0,
    webhookUrl,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

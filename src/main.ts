import pino from 'pino';
import { ConfigError, readConfig } from './config.ts';
import { startSetup } from './setup/start-setup.ts';
import { type Running, startSluice } from './start.ts';

const SECRETS = [
  '*.token',
  '*.privateKey',
  '*.secret',
  '*.password',
  '*.authorization',
  '*.headers.authorization',
  'err.request',
  'err.response',
];

/** The process: read the configuration, start, and stop in order on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  let running = await start();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }

  async function start(): Promise<Running> {
    const config = readConfig();
    const log = pino({ level: config.LOG_LEVEL, redact: { paths: SECRETS, censor: '***' } });
    if (config.app !== null) return startSluice(config, config.app, log);
    return startSetup({ config, log, onCreated: () => void restart().catch(fail) });
  }

  /** The setup has stored the App's credentials: the same process continues as the App. */
  async function restart(): Promise<void> {
    await running.stop();
    running = await start();
  }
}

function fail(error: unknown): void {
  const text =
    error instanceof ConfigError
      ? error.message
      : error instanceof Error
        ? error.stack
        : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

main().catch(fail);

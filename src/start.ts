import { once as onceEvent } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Probot } from 'probot';
import packageJson from '../package.json' with { type: 'json' };
import { app, handles } from './app.ts';
import { loadBuiltinWorkflows } from './builtin-workflows.ts';
import { closeServer } from './close-server.ts';
import type { AppCredentials, Config } from './config.ts';
import { forgesOfGitHub } from './github/forges-of-github.ts';
import { readAppIdentity } from './github/installations.ts';
import { createGitHub, type GitHub } from './github/octokit.ts';
import { createHealth, type Health } from './health.ts';
import { receiveDelivery } from './inbox/receive-delivery.ts';
import { portOf } from './port-of.ts';
import { closeQueue, drainQueue, openQueue, type Queue } from './queue/queue.ts';
import type { RunDeps } from './runs/run-deps.ts';
import { newRunId } from './runs/run-id.ts';
import { sweepSoon } from './runs/sweep-soon.ts';
import type { Settings } from './settings.ts';
import { openAgents, startWorker } from './start-worker.ts';
import { type DatabaseHandle, openDatabase } from './store/database.ts';
import type { WebhookDeps } from './webhooks/webhook-deps.ts';

export interface Running {
  /** Where it listens. */
  readonly url: string;
  readonly webhookUrl: string;
  /** Takes nothing new, hands running steps back, closes everything. A second call waits for the first. */
  stop(): Promise<void>;
}

/** Progress is shown in edits that are seconds apart anyway. */
const LONGEST_PROGRESS_DELAY_MS = 1_000;
/** GitHub waits ten seconds for an answer and notes a loss only then. */
const LONGEST_DELIVERY_MS = 15_000;

const ROOT = join(import.meta.dirname, '..');

/** Opens everything in dependency order, and closes it in the opposite order. */
export async function startSluice(
  config: Config,
  credentials: AppCredentials,
  log: Logger,
): Promise<Running> {
  const closing: (() => Promise<void>)[] = [];
  const stop = once(async () => {
    for (const close of closing.toReversed()) await close();
    log.info('stopped');
  });
  try {
    const builtin = loadBuiltinWorkflows(join(ROOT, 'workflows'));
    const health = createHealth();
    const database = await openDatabase({
      databaseUrl: config.DATABASE_URL ?? null,
      dataDir: config.dataDir,
      log,
    });
    closing.push(() => database.close());
    const queue = await openQueue({ database, log });
    closing.push(() => closeQueue(queue));
    const drain = once(() => drainQueue(queue, config.SLUICE_DRAIN_SECONDS * 1_000));
    const github = createGitHub({
      ...credentials,
      baseUrl: config.apiUrl,
      log,
      timeoutMs: config.SLUICE_GITHUB_TIMEOUT_MS,
      throttle: {
        enabled: config.SLUICE_GITHUB_WRITE_INTERVAL_MS > 0,
        spacingMs: config.SLUICE_GITHUB_WRITE_INTERVAL_MS,
      },
    });
    const settings = settingsFor(config, credentials);
    const runs: RunDeps = {
      db: database.db,
      queue,
      now: () => new Date().toISOString(),
      newRunId,
      progressDelayMs: Math.min(config.SLUICE_EDIT_INTERVAL_MS, LONGEST_PROGRESS_DELAY_MS),
    };
    const appSlug = identified(github);
    const forgeOf = forgesOfGitHub(github);
    const webhooks: WebhookDeps = { runs, github, forgeOf, settings, builtin, appSlug, log };
    const probot = probotFor(config, credentials, github, log);
    await probot.load(app(webhooks));

    if (config.SLUICE_ROLES.includes('worker')) {
      const agents = await openAgents(config, log);
      closing.push(() => agents.close());
      const endSweeping = await startWorker(config, { webhooks, queue, agents, probot });
      closing.push(endSweeping);
      closing.push(drain);
    }

    const server = await listen(config, credentials, { database, queue, health, log });
    // Somebody holding a connection open must not keep steps from being handed back.
    closing.push(async () => void (await Promise.all([closeServer(server), drain()])));
    closing.push(async () => health.stopping());
    health.ready();
    await askForLostDeliveries(runs);
    const port = portOf(server);
    const url = `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`;
    log.info({ url, roles: config.SLUICE_ROLES, database: database.dialect }, 'ready');
    return { url, webhookUrl: `${url}${config.WEBHOOK_PATH}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Asks for what GitHub could not deliver while nobody listened, now and once it has given up. */
async function askForLostDeliveries(runs: RunDeps): Promise<void> {
  await sweepSoon(runs, 'lost-deliveries');
  const givenUp = Date.parse(runs.now()) + LONGEST_DELIVERY_MS;
  await sweepSoon(runs, 'late-deliveries', new Date(givenUp).toISOString());
}

function settingsFor(config: Config, credentials: AppCredentials): Settings {
  return {
    prefix: config.SLUICE_PREFIX,
    instance: config.SLUICE_INSTANCE,
    appId: credentials.appId,
    bareCommands: config.SLUICE_BARE_COMMANDS,
    folder: `.github/${config.SLUICE_PREFIX}`,
    baseUrl: config.SLUICE_BASE_URL ?? null,
    protectedBranches: config.SLUICE_PROTECTED_BRANCHES,
    gateRemindersMs: config.SLUICE_GATE_REMINDERS,
    gateExpireMs: config.SLUICE_GATE_EXPIRY_DAYS * 86_400_000,
    quietAfterMs: config.SLUICE_QUIET_MINUTES === 0 ? null : config.SLUICE_QUIET_MINUTES * 60_000,
    version: packageJson.version,
  };
}

function probotFor(
  config: Config,
  credentials: AppCredentials,
  github: GitHub,
  log: Logger,
): Probot {
  return new Probot({
    appId: credentials.appId,
    privateKey: credentials.privateKey,
    secret: credentials.webhookSecrets[0] ?? '',
    Octokit: github.probotOctokit,
    baseUrl: config.apiUrl,
    log,
  });
}

/** Asked once, on first use; after a failure it is asked again. */
function identified(github: GitHub): () => Promise<string> {
  let slug: Promise<string> | undefined;
  return () => {
    slug ??= readAppIdentity(github.app).then((identity) => identity.slug);
    slug.catch(() => {
      slug = undefined;
    });
    return slug;
  };
}

async function listen(
  config: Config,
  credentials: AppCredentials,
  parts: { database: DatabaseHandle; queue: Queue; health: Health; log: Logger },
): Promise<Server> {
  const receive = receiveDelivery({
    ...parts,
    path: config.WEBHOOK_PATH,
    secrets: credentials.webhookSecrets,
    handles,
  });
  const web = config.SLUICE_ROLES.includes('web');
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (await parts.health.answer(request, response, parts.database.db)) return;
    if (web && (await receive(request, response))) return;
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.\n');
  };
  server.listen(config.PORT, config.HOST);
  await onceEvent(server, 'listening');
  return server;
}

function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= act();
    return done;
  };
}

import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator } from 'emulate';
import { type Clock, createClock } from './clock.ts';
import { withExtension } from './emulate/load-plugin.ts';
import { type Extension, extend } from './extension/extension.ts';
import { BareRepositories } from './git/bare-repositories.ts';
import { DEFAULT_EVENTS, DEFAULT_PERMISSIONS, type LocalGitHubOptions } from './options.ts';
import { createPages } from './pages/pages.ts';
import { type AppCredentials, LocalGitHub } from './running-github.ts';
import { emulateSeed, pushFiles, seedRoles, type World, worldOf } from './seed.ts';
import { Faults } from './server/faults.ts';
import { createFront } from './server/front.ts';
import type { LoggedRequest } from './server/request-log.ts';
import { HttpServer } from './server/server.ts';

export type { LocalGitHub } from './running-github.ts';

let starting: Promise<unknown> = Promise.resolve();

/** Starts a fresh GitHub with an organisation, people, repositories and the installed app. Keeps nothing after `close`. */
export function startLocalGitHub(options: LocalGitHubOptions = {}): Promise<LocalGitHub> {
  const started = starting.then(() => start(options));
  starting = started.catch(() => undefined);
  return started;
}

async function start(options: LocalGitHubOptions): Promise<LocalGitHub> {
  const world = worldOf(options);
  const server = await HttpServer.listen(options.port ?? 0);
  const folder = await mkdtemp(join(tmpdir(), 'local-github-'));
  const repositories = new BareRepositories(folder);
  const clock = createClock();
  const { emulator, extension } = await emulate(server.url, world, options, clock, repositories);
  const { context } = extension;
  const faults = new Faults();
  const requests: LoggedRequest[] = [];
  const pages = createPages(extension, world);
  const { page, changed } = pages;
  server.handler = createFront({ context, repositories, faults, requests, page, changed });
  seedRoles(context, world);
  const app = installApp(extension, world.owner, options.app ?? {});
  await pushFiles(server.url, world);
  await extension.context.idle();
  requests.length = 0;
  extension.deliveries.attempts.length = 0;
  const close = async () => {
    pages.close();
    await server.close();
    await emulator.close();
    await context.idle();
    await rm(folder, { recursive: true });
  };
  return new LocalGitHub({ server, extension, world, app, faults, clock, requests, close });
}

async function emulate(
  baseUrl: string,
  world: World,
  options: LocalGitHubOptions,
  clock: Clock,
  repositories: BareRepositories,
) {
  let extension: Extension | undefined;
  const { tokens, ...github } = emulateSeed(world);
  const emulator = await withExtension(
    (emulation) => {
      extension = extend(emulation, clock, repositories, options.rateLimit);
    },
    () => createEmulator({ service: 'github', port: 0, baseUrl, seed: { tokens, github } }),
  );
  if (extension === undefined) throw new Error('emulate did not load its GitHub plugin');
  return { emulator, extension };
}

function installApp(
  { context }: Extension,
  owner: string,
  app: NonNullable<LocalGitHubOptions['app']>,
): AppCredentials {
  const privateKey = app.privateKey ?? generatePrivateKey();
  const webhookSecret = app.webhookSecret ?? 'a secret between GitHub and the app';
  const row = context.store.apps.insert({
    app_id: app.id ?? 1,
    slug: app.slug ?? 'sluice',
    name: app.name ?? 'Sluice',
    private_key: privateKey,
    permissions: app.permissions ?? DEFAULT_PERMISSIONS,
    events: app.events ?? DEFAULT_EVENTS,
    webhook_url: app.webhookUrl ?? null,
    webhook_secret: webhookSecret,
    description: null,
  });
  const { installation_id: installationId } = context.installApp(row, owner);
  return { appId: row.app_id, slug: row.slug, privateKey, webhookSecret, installationId };
}

let generated: string | undefined;

/** Making an RSA key takes longer than starting everything else, so a process makes one. */
function generatePrivateKey(): string {
  generated ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }).privateKey;
  return generated;
}

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Octokit } from '@octokit/rest';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type Config, credentialsFile } from '../config.ts';
import { portOf } from '../port-of.ts';
import type { Running } from '../start.ts';
import { manifestFor } from './manifest.ts';
import { createdPage, messagePage, startPage } from './pages.ts';

export interface SetupOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Called once the App exists and its credentials are stored. */
  readonly onCreated: () => void;
}

const Conversion = z.object({
  id: z.number(),
  pem: z.string().min(1),
  webhook_secret: z.string().min(1),
  html_url: z.url(),
});

/**
 * Serves the page that creates the GitHub App from `app.yml`. Opening it requires the token that
 * was logged, since whoever completes it owns the App.
 */
export async function startSetup({ config, log, onCreated }: SetupOptions): Promise<Running> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'setup failed');
      page(
        response,
        502,
        messagePage(
          'GitHub did not create the App',
          'The log says why. Start again from the first page.',
        ),
      );
    });
  });
  server.listen(config.PORT, config.HOST);
  await once(server, 'listening');
  const port = portOf(server);
  const url = config.SLUICE_BASE_URL ?? `http://localhost:${port}`;
  log.warn(
    { setup: `${url}/setup?token=${token}` },
    'no APP_ID: open this address to create the GitHub App',
  );

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = new URL(request.url ?? '/', url);
    if (asked.pathname === '/healthz') return page(response, 200, 'ok');
    if (asked.pathname === '/readyz') return page(response, 503, 'waiting for the setup');
    if (asked.pathname === '/setup' && isSame(asked.searchParams.get('token'), token)) {
      const manifest = manifestFor({ baseUrl: url, webhookPath: config.WEBHOOK_PATH });
      return page(
        response,
        200,
        startPage({ manifest, webUrl: config.webUrl, state: token, baseUrl: url }),
      );
    }
    if (asked.pathname === '/setup/created' && isSame(asked.searchParams.get('state'), token)) {
      const installUrl = await createApp(config, asked.searchParams.get('code') ?? '');
      log.info('the App was created; its credentials are stored');
      page(response, 200, createdPage(installUrl));
      response.once('close', onCreated);
      return;
    }
    page(
      response,
      404,
      messagePage(
        'Nothing to see here',
        'The address of the setup page is in the log of this process.',
      ),
    );
  }

  return {
    url,
    webhookUrl: `${url}${config.WEBHOOK_PATH}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Exchanges GitHub's one-time code for the App's credentials and stores them. Returns where to install it. */
async function createApp(config: Config, code: string): Promise<string> {
  const octokit = new Octokit({ baseUrl: config.apiUrl });
  const { data } = await octokit.rest.apps.createFromManifest({ code });
  const created = Conversion.parse(data);
  const file = credentialsFile(config.dataDir);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const credentials = {
    APP_ID: String(created.id),
    PRIVATE_KEY: created.pem,
    WEBHOOK_SECRET: created.webhook_secret,
  };
  writeFileSync(`${file}.new`, JSON.stringify(credentials, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return `${created.html_url}/installations/new`;
}

function isSame(given: string | null, token: string): boolean {
  const left = Buffer.from(given ?? '');
  const right = Buffer.from(token);
  return left.length === right.length && timingSafeEqual(left, right);
}

function page(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; form-action https: http:",
  });
  response.end(body);
}

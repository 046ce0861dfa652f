import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createGitHub, type GitHub, type GitHubOptions } from '#src/github/octokit.ts';

export type Behaviour =
  | { readonly answer: number; readonly headers?: Record<string, string>; readonly body?: string }
  | 'reset'
  | 'hang'
  | 'lost reply'
  | 'truncated';

export interface FaultyGitHub {
  readonly url: string;
  /** What arrived, in order; tokens that were minted are left out. */
  readonly requests: string[];
  /** Creating calls that took effect. */
  readonly created: string[];
  minted: number;
  close(): Promise<void>;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** A server that misbehaves as told, once per entry, and then answers as GitHub would. */
export async function startFaultyGitHub(behaviours: Behaviour[] = []): Promise<FaultyGitHub> {
  const left = [...behaviours];
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (request.url?.endsWith('/access_tokens') === true) return mint(github, response);
      github.requests.push(`${request.method} ${request.url}`);
      behave(github, left.shift(), request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const github: FaultyGitHub = {
    url: `http://127.0.0.1:${port}`,
    requests: [],
    created: [],
    minted: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return github;
}

function behave(
  github: FaultyGitHub,
  behaviour: Behaviour | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (behaviour === 'reset') return void request.socket.resetAndDestroy();
  if (behaviour === 'hang') return;
  if (typeof behaviour === 'object') {
    const { answer, headers, body } = behaviour;
    const text = body ?? JSON.stringify({ message: 'as told' });
    response.writeHead(answer, { ...JSON_TYPE, ...headers }).end(text);
    return;
  }
  if (request.method === 'POST') github.created.push(request.url ?? '');
  if (behaviour === 'lost reply') return void request.socket.resetAndDestroy();
  if (behaviour === 'truncated') {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' });
    response.write('{"id": 1', () => request.socket.destroy());
    return;
  }
  response.writeHead(request.method === 'POST' ? 201 : 200, JSON_TYPE).end('{"id":1}');
}

function mint(github: FaultyGitHub, response: ServerResponse): void {
  github.minted += 1;
  const expires_at = new Date(Date.now() + 3_600_000).toISOString();
  const permissions = { contents: 'write' };
  response.writeHead(201, JSON_TYPE);
  response.end(JSON.stringify({ token: 'ghs_secret', expires_at, permissions }));
}

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export function gitHubAt(baseUrl: string, options: Partial<GitHubOptions> = {}): GitHub {
  return createGitHub({
    appId: 7,
    privateKey,
    baseUrl,
    log: pino({ level: 'silent' }),
    throttle: { enabled: false },
    retry: { baseMs: 1 },
    timeoutMs: 10_000,
    ...options,
  });
}

export const appKey = privateKey;

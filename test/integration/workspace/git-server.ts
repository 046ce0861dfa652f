import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Smart HTTP for a folder of bare repositories, for one token, and a look at who says the token aloud. */
export async function startGitServer(options: { root: string; token: string }) {
  const expected = `Basic ${Buffer.from(`x-access-token:${options.token}`).toString('base64')}`;
  const requests: string[] = [];
  const commandLinesWithToken: string[] = [];
  const answers: ((request: IncomingMessage, response: ServerResponse) => boolean)[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    commandLinesWithToken.push(...processesThatName(options.token, expected.slice(6)));
    if (answers.some((answer) => answer(request, response))) return;
    if (request.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('no');
      return;
    }
    runBackend(options.root, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    commandLinesWithToken,
    /** Takes over requests: return true when the request has been answered. */
    answer(handler: (request: IncomingMessage, response: ServerResponse) => boolean) {
      answers.splice(0, answers.length, handler);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function processesThatName(...secrets: string[]): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      } catch {
        return '';
      }
    })
    .filter((line) => secrets.some((secret) => line.includes(secret)));
}

function runBackend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: 'x-access-token',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
  });
  backend.stdin.on('error', () => undefined);
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.on('close', () => {
    const all = Buffer.concat(chunks);
    const end = all.indexOf('\r\n\r\n');
    const headers = all.subarray(0, end).toString().split('\r\n');
    const pairs = headers.map((line) => line.split(': ') as [string, string]);
    const status = pairs.find(([key]) => key === 'Status')?.[1];
    for (const [key, value] of pairs) if (key !== 'Status') response.setHeader(key, value);
    response.writeHead(Number.parseInt(status ?? '200', 10)).end(all.subarray(end + 4));
  });
}

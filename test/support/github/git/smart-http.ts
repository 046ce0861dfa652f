import { spawn } from 'node:child_process';
import type { RepoRow } from '../emulate/rows.ts';
import { authenticate, isRefusal } from '../extension/authentication.ts';
import type { Context } from '../extension/context.ts';
import type { Caller } from '../extension/http.ts';
import { canPush, canRead } from '../extension/roles.ts';
import { type BareRepositories, readRefs } from './bare-repositories.ts';
import { GIT_ENV } from './git.ts';
import { mirrorDown } from './mirror-down.ts';
import { mirrorUp } from './mirror-up.ts';
import { parseCommands, report } from './receive-pack.ts';

const GIT_PATH =
  /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export interface GitRequest {
  method: string;
  url: URL;
  headers: Headers;
  body: Buffer;
}

export interface GitResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export const isGitPath = (path: string): boolean => GIT_PATH.test(path);

/** Git's smart HTTP protocol on real bare repositories kept in step with the API. */
export async function serveGit(
  context: Context,
  repositories: BareRepositories,
  request: GitRequest,
): Promise<GitResponse> {
  const [, owner = '', name = '', operation = ''] = GIT_PATH.exec(request.url.pathname) ?? [];
  const caller = authenticate(context, request.headers.get('authorization'));
  if (isRefusal(caller)) return unauthorised('Bad credentials');
  const repo = context.repository({ owner, repo: name });
  if (repo === undefined || !canRead(context, repo, caller)) {
    return caller.kind === 'anonymous'
      ? unauthorised('Authentication required')
      : text(404, 'Repository not found.');
  }
  const writing =
    operation === 'git-receive-pack' ||
    request.url.searchParams.get('service') === 'git-receive-pack';
  if (writing && caller.kind === 'anonymous') return unauthorised('Authentication required');
  if (writing && !canPush(context, repo, caller)) {
    return text(403, 'Write access to repository not granted.');
  }
  return repositories.locked(repo, async (dir) => {
    if (operation === 'info/refs') await mirrorDown(context, repo, dir);
    const cgi = () => runBackend(repositories.root, repo, operation, request);
    if (operation !== 'git-receive-pack') return cgi();
    return receive(context, repo, dir, caller, request, cgi);
  });
}

/** The pusher is answered only when the API shows the new refs. */
async function receive(
  context: Context,
  repo: RepoRow,
  dir: string,
  pusher: Caller,
  request: GitRequest,
  cgi: () => Promise<GitResponse>,
): Promise<GitResponse> {
  const was = await readRefs(dir);
  const answer = await cgi();
  const refused = await mirrorUp(context, repo, dir, was, pusher);
  if (refused.size === 0) return answer;
  const { commands, sideband } = parseCommands(request.body);
  const now = await readRefs(dir);
  for (const { ref, after } of commands) {
    const stands = now.get(ref) === after || (!now.has(ref) && /^0+$/.test(after));
    if (!stands && !refused.has(ref)) refused.set(ref, 'failed');
  }
  return { ...answer, body: report(commands, refused, sideband) };
}

function runBackend(
  root: string,
  repo: RepoRow,
  operation: string,
  request: GitRequest,
): Promise<GitResponse> {
  const { headers } = request;
  const child = spawn('git', ['http-backend'], {
    env: {
      ...GIT_ENV,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${repo.full_name}.git/${operation}`,
      REQUEST_METHOD: request.method,
      QUERY_STRING: request.url.search.slice(1),
      REMOTE_USER: 'pusher',
      REMOTE_ADDR: '127.0.0.1',
      CONTENT_TYPE: headers.get('content-type') ?? '',
      HTTP_CONTENT_ENCODING: headers.get('content-encoding') ?? '',
      GIT_PROTOCOL: headers.get('git-protocol') ?? '',
      CONTENT_LENGTH: String(request.body.length),
    },
  });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    child.stdin.on('error', () => {
      // the backend may refuse before it has read everything
    });
    child.stdin.end(request.body);
    child.stderr.resume();
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', () => {
      resolve(parseCgi(Buffer.concat(chunks)));
    });
  });
}

function parseCgi(output: Buffer): GitResponse {
  const cut = output.indexOf('\r\n\r\n');
  if (cut < 0) return text(500, 'git http-backend failed');
  const headers: Record<string, string> = {};
  for (const line of output.subarray(0, cut).toString().split('\r\n')) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const { status, ...rest } = headers;
  return {
    status: status === undefined ? 200 : Number.parseInt(status, 10),
    headers: rest,
    body: output.subarray(cut + 4),
  };
}

function text(status: number, message: string, headers: Record<string, string> = {}): GitResponse {
  const type = { 'content-type': 'text/plain; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, body: Buffer.from(`${message}\n`) };
}

const unauthorised = (message: string): GitResponse =>
  text(401, message, { 'www-authenticate': 'Basic realm="GitHub"' });

import { setTimeout as sleep } from 'node:timers/promises';
import { authenticate, isRefusal } from '../extension/authentication.ts';
import type { Context } from '../extension/context.ts';
import { ANONYMOUS, type ApiResponse, type Caller } from '../extension/http.ts';
import type { BareRepositories } from '../git/bare-repositories.ts';
import { isGitPath, serveGit } from '../git/smart-http.ts';
import { createOpenapiCheck } from '../openapi-check.ts';
import { type Fault, type Faults, faultAnswer } from './faults.ts';
import type { LoggedRequest } from './request-log.ts';
import type { Exchange } from './server.ts';

const API_PATH =
  /^\/(repos|user|users|orgs|teams|app|app-manifests|installation|graphql|search|rate_limit|meta|zen|emojis|versions|repositories)(\/|$)/;

export interface Front {
  context: Context;
  repositories: BareRepositories;
  faults: Faults;
  requests: LoggedRequest[];
  /** Pages for people; answers everything that is neither API nor git. */
  page: (exchange: Exchange) => Promise<ApiResponse>;
  /** Called after anything may have changed. */
  changed: () => void;
}

/** One origin for everything: git, the API and the pages, with the faults in front. */
export function createFront(front: Front): (exchange: Exchange) => Promise<void> {
  const check = createOpenapiCheck();

  return async (exchange) => {
    exchange.url.pathname = exchange.url.pathname
      .replace(/^\/api\/v3(?=\/)/, '')
      .replace(/^\/api\/graphql$/, '/graphql');
    const { method, url } = exchange;
    const isApi = API_PATH.test(url.pathname);
    if (!isApi && !isGitPath(url.pathname)) {
      await send(exchange, await front.page(exchange));
      return;
    }
    const outcome = authenticate(front.context, exchange.headers.get('authorization'));
    const caller = isRefusal(outcome) ? ANONYMOUS : outcome;
    const fromApp = caller.kind === 'app' || caller.kind === 'installation';
    const body = isApi ? json(exchange.body) : undefined;
    const entry = log(front, exchange, caller, fromApp, body);
    if (fromApp && isApi && url.pathname !== '/graphql') {
      const problems = check(method, url, body);
      const name = `${method} ${url.pathname}`;
      front.context.violations.push(...problems.map((problem) => `${name}: ${problem}`));
    }
    const fault = front.faults.take(method, entry.path, fromApp);
    entry.fault = fault?.kind ?? null;
    const real = async (): Promise<ApiResponse> => {
      if (!isApi) return serveGit(front.context, front.repositories, exchange);
      if (isRefusal(outcome)) return outcome;
      return answerApi(front.context, exchange, caller, body);
    };
    await answerWith(exchange, fault, real, entry);
    if (method !== 'GET') front.changed();
  };
}

function log(
  front: Front,
  { method, url }: Exchange,
  { login }: Caller,
  fromApp: boolean,
  body: unknown,
): LoggedRequest {
  const path = url.pathname + url.search;
  const entry = { at: Date.now(), method, path, body, who: login, fromApp, status: 0, fault: null };
  const logged: LoggedRequest = { ...entry, durationMs: 0 };
  front.requests.push(logged);
  return logged;
}

async function answerApi(
  context: Context,
  { method, url, headers }: Exchange,
  caller: Caller,
  body: unknown,
): Promise<ApiResponse> {
  return context.as(caller, () =>
    context.routes.handle({ method, url, params: {}, headers, body, caller }),
  );
}

/** Answers truly, or the way a fault wants it. */
async function answerWith(
  exchange: Exchange,
  fault: Fault | null,
  real: () => Promise<ApiResponse>,
  entry: LoggedRequest,
): Promise<void> {
  const { socket } = exchange.incoming;
  const instead = fault === null ? null : faultAnswer(fault);
  if (fault?.kind === 'reset') {
    socket.resetAndDestroy();
    return;
  }
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'slow') await sleep(fault.milliseconds ?? 1000);
  const answer = instead ?? (await real());
  if (fault?.kind === 'lost-reply') {
    socket.resetAndDestroy();
    return;
  }
  entry.status = answer.status;
  entry.durationMs = Date.now() - entry.at;
  await send(exchange, answer, fault?.kind === 'truncate');
}

async function send(
  { outgoing, method }: Exchange,
  answer: ApiResponse,
  truncated = false,
): Promise<void> {
  if (outgoing.writableEnded || outgoing.headersSent) return;
  const bytes = bytesOf(answer.body);
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(bytes.length),
    ...answer.headers,
  };
  if (answer.status === 204 || answer.status === 304) {
    delete headers['content-type'];
    delete headers['content-length'];
  }
  outgoing.writeHead(answer.status, headers);
  if (truncated) {
    outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
    await sleep(20);
    outgoing.destroy();
    return;
  }
  outgoing.end(method === 'HEAD' ? undefined : bytes);
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  return body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
}

function json(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

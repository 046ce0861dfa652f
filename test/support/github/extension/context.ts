import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../clock.ts';
import type { Emulation } from '../emulate/load-plugin.ts';
import type { AppRow, GitHubStore, RepoRow, TokenOwner, UserRow } from '../emulate/rows.ts';
import { coreOf } from './core.ts';
import { type ApiRequest, type ApiResponse, ANONYMOUS, type Caller } from './http.ts';
import { Router } from './router.ts';

/** Everything the parts of the extension share: the store, the routes, the clock and who is acting. */
export class Context {
  readonly store: GitHubStore;
  readonly tokens: Map<string, TokenOwner>;
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly routes: Router;
  /** What the app did that GitHub would not understand. */
  readonly violations: string[] = [];
  readonly #core: (request: ApiRequest) => Promise<ApiResponse>;
  readonly #caller = new AsyncLocalStorage<Caller>();
  readonly #background = new Set<Promise<unknown>>();

  constructor(emulation: Emulation, clock: Clock) {
    this.store = emulation.store;
    this.tokens = emulation.tokens;
    this.baseUrl = emulation.baseUrl;
    this.clock = clock;
    this.#core = coreOf(emulation);
    this.routes = new Router(this.#core);
  }

  caller(): Caller {
    return this.#caller.getStore() ?? ANONYMOUS;
  }

  as<T>(caller: Caller, act: () => T): T {
    return this.#caller.run(caller, act);
  }

  /** Asks emulate itself, past our own routes; throws unless it agrees. */
  async core<T>(method: string, path: string, body?: unknown, caller = this.root()): Promise<T> {
    const headers = new Headers({ accept: 'application/json' });
    const url = new URL(path, this.baseUrl);
    const answer = await this.as(caller, () =>
      this.#core({ method, url, params: {}, headers, body, caller }),
    );
    if (answer.status >= 300) {
      const { message = '' } = (answer.body ?? {}) as { message?: string };
      throw new CoreError(answer.status, message, `${method} ${path}`);
    }
    return answer.body as T;
  }

  /** The owner of everything; used for reads and mirroring, never as an author. */
  root(): Caller {
    const [org] = this.store.orgs.all();
    const owner: TokenOwner = { login: 'admin', id: 2, scopes: ['repo'] };
    if (org !== undefined) {
      owner.installation = {
        installationId: 0,
        appId: 0,
        accountId: org.id,
        accountType: 'Organization',
        permissions: new Proxy({}, { get: () => 'write' }),
        repositoryIds: [],
        repositorySelection: 'all',
      };
    }
    return { kind: 'user', login: 'admin', token: null, owner, appId: null };
  }

  repository(params: Record<string, string>): RepoRow | undefined {
    const name = `${params['owner']}/${params['repo']}`.toLowerCase();
    return this.store.repos.all().find((repo) => repo.full_name.toLowerCase() === name);
  }

  user(login: string): UserRow | undefined {
    const wanted = login.toLowerCase();
    return this.store.users.all().find((user) => user.login.toLowerCase() === wanted);
  }

  app(appId: number): AppRow | undefined {
    return this.store.apps.all().find((app) => app.app_id === appId);
  }

  /** Remembers work that goes on after the answer, so that `idle` can wait for it. */
  background(work: Promise<unknown>): void {
    const tracked = work
      .catch((error: unknown) => this.violations.push(`local GitHub failed: ${String(error)}`))
      .finally(() => this.#background.delete(tracked));
    this.#background.add(tracked);
  }

  async idle(): Promise<void> {
    while (this.#background.size > 0) await Promise.all(this.#background);
  }
}

export class CoreError extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, request: string) {
    super(`${request}: ${status} ${reason}`);
    this.name = 'CoreError';
    this.status = status;
    this.reason = reason;
  }
}

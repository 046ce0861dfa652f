import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../clock.ts';
import type { Emulation } from '../emulate/load-plugin.ts';
import type {
  AppRow,
  GitHubStore,
  InstallationRow,
  RepoRow,
  TokenOwner,
  UserRow,
} from '../emulate/rows.ts';
import { coreOf } from './core.ts';
import { ANONYMOUS, type ApiRequest, type ApiResponse, type Caller } from './http.ts';
import { Router } from './router.ts';

/** The user emulate itself seeds. */
export const ROOT = 'admin';

const EMPTY_PROFILE = {
  node_id: '',
  type: 'Bot' as const,
  site_admin: false,
  avatar_url: '',
  gravatar_id: '',
  company: null,
  blog: '',
  location: null,
  hireable: null,
  bio: null,
  twitter_username: null,
  public_repos: 0,
  public_gists: 0,
  followers: 0,
  following: 0,
};

/** Everything the parts of the extension share: the store, the routes, the clock and who is acting. */
export class Context {
  readonly store: GitHubStore;
  readonly tokens: Map<string, TokenOwner>;
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly routes: Router;
  /** When minted installation tokens end, in milliseconds. */
  readonly expiries = new Map<string, number>();
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

  /** A member of every organisation; used for reads and mirroring, never as an author. */
  root(): Caller {
    const owner: TokenOwner = { login: ROOT, id: this.user(ROOT)?.id ?? 0, scopes: ['repo'] };
    return { kind: 'user', login: ROOT, token: null, owner, appId: null };
  }

  repository(params: Record<string, string>): RepoRow | undefined {
    const name = `${params['owner']}/${params['repo']}`.toLowerCase();
    return this.store.repos.all().find((repo) => repo.full_name.toLowerCase() === name);
  }

  user(login: string): UserRow | undefined {
    const wanted = login.toLowerCase();
    return this.store.users.all().find((user) => user.login.toLowerCase() === wanted);
  }

  hasCommit(repoId: number, sha: string): boolean {
    return this.store.commits.findBy('sha', sha).some((commit) => commit.repo_id === repoId);
  }

  app(appId: number): AppRow | undefined {
    return this.store.apps.all().find((app) => app.app_id === appId);
  }

  /** Installs an app on all repositories of an owner, and gives it the account it acts under. */
  installApp(app: AppRow, owner: string): InstallationRow {
    const org = this.store.orgs.findOneBy('login', owner);
    const account = org ?? this.store.users.findOneBy('login', owner);
    if (account === undefined) throw new Error(`nobody called ${owner}`);
    const installation = this.store.appInstallations.insert({
      installation_id: 1000 + app.app_id,
      app_id: app.app_id,
      account_type: org === undefined ? 'User' : 'Organization',
      account_id: account.id,
      account_login: account.login,
      repository_selection: 'all',
      repository_ids: [],
      permissions: app.permissions,
      events: app.events,
      suspended_at: null,
    });
    const login = `${app.slug}[bot]`;
    if (this.user(login) !== undefined) return installation;
    const bot = this.store.users.insert({ ...EMPTY_PROFILE, login, name: app.name, email: null });
    const email = `${bot.id}+${login}@users.noreply.github.com`;
    const node_id = Buffer.from(`0:Bot${bot.id}`).toString('base64').replace(/=+$/, '');
    this.store.users.update(bot.id, { email, node_id });
    return installation;
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

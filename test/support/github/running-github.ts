import { appJwt } from './app-jwt.ts';
import type { Clock } from './clock.ts';
import type { AppRow } from './emulate/rows.ts';
import type { Delivery } from './extension/deliveries.ts';
import type { Extension } from './extension/extension.ts';
import { type Role, setRole } from './extension/roles.ts';
import { Person } from './person.ts';
import { RepositoryView } from './repository-view.ts';
import { tokenOf, type World } from './seed.ts';
import type { Faults } from './server/faults.ts';
import type { LoggedRequest } from './server/request-log.ts';
import type { HttpServer } from './server/server.ts';

export interface AppCredentials {
  appId: number;
  slug: string;
  privateKey: string;
  webhookSecret: string;
  installationId: number;
}

/** A GitHub of one's own: real git, GitHub's API with its refusals, webhooks and pages, in this process. */
export class LocalGitHub extends RepositoryView {
  readonly url: string;
  readonly owner: string;
  readonly app: AppCredentials;
  readonly faults: Faults;
  readonly clock: Clock;
  /** Every request to the API and to git, in the order of arrival. */
  readonly requests: LoggedRequest[];
  readonly #extension: Extension;
  readonly #close: () => Promise<void>;

  constructor(parts: Parts) {
    super(parts.extension, `${parts.world.owner}/${parts.world.repositories[0]?.name}`);
    this.url = parts.server.url;
    this.owner = parts.world.owner;
    this.app = parts.app;
    this.faults = parts.faults;
    this.clock = parts.clock;
    this.requests = parts.requests;
    this.#extension = parts.extension;
    this.#close = parts.close;
  }

  /** Another repository of the same owner. */
  repository(name: string): RepositoryView {
    return new RepositoryView(this.#extension, `${this.owner}/${name}`);
  }

  as(login: string, repository = this.fullName): Person {
    return new Person(this.url, repository, login, tokenOf(login));
  }

  /** Where deliveries go from now on; null is an app that is down. */
  setWebhookUrl(url: string | null): void {
    const { store } = this.#extension.context;
    store.apps.update(this.#appRow.id, { webhook_url: url });
  }

  /** Every attempt to deliver, oldest first. */
  get deliveries(): Delivery[] {
    return this.#extension.deliveries.attempts;
  }

  /** What the app sent that GitHub would not take, and what this GitHub itself could not do. */
  get violations(): string[] {
    return this.#extension.context.violations;
  }

  /**
   * The app does not hear of what happens meanwhile, nor can it find out that it was to: the deliveries
   * are on their way until `redeliver`.
   */
  async holdBack<T>(happen: () => Promise<T>): Promise<T> {
    const { deliveries } = this.#extension;
    await this.idle();
    deliveries.isHoldingBack = true;
    try {
      const happened = await happen();
      await this.idle();
      return happened;
    } finally {
      deliveries.isHoldingBack = false;
    }
  }

  /** Sends a delivery once more under its GUID. */
  async redeliver(guid: string): Promise<Delivery> {
    const original = this.deliveries.find((each) => each.guid === guid);
    if (original === undefined) throw new Error(`no delivery ${guid}`);
    return this.#extension.deliveries.redeliver(original);
  }

  /** Delivers any event, for example one of `@octokit/webhooks-examples`. */
  async deliver(event: string, payload: Record<string, unknown>): Promise<Delivery> {
    const installation = { id: this.app.installationId, node_id: 'I_1' };
    return this.#extension.deliveries.send(this.#appRow, event, { installation, ...payload });
  }

  /** An installation token, narrowed if asked. */
  async mintToken(
    narrow: { repositories?: string[]; permissions?: Record<string, string> } = {},
  ): Promise<string> {
    const path = `/app/installations/${this.app.installationId}/access_tokens`;
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${appJwt(this.app.appId, this.app.privateKey)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(narrow),
    });
    const answer = (await response.json()) as { token?: string; message?: string };
    if (answer.token === undefined) throw new Error(`no token: ${answer.message}`);
    return answer.token;
  }

  setRole(login: string, role: Role, repository = this.fullName): void {
    const { context } = this.#extension;
    const [owner = '', repo = ''] = repository.split('/');
    const row = context.repository({ owner, repo });
    const user = context.user(login);
    if (row === undefined || user === undefined) throw new Error(`no ${login} or ${repository}`);
    setRole(context, row, user, role);
  }

  /** Protects a branch: nobody pushes to it, whatever their role. */
  async protect(branch: string): Promise<void> {
    await this.#extension.context.core(
      'PUT',
      `/repos/${this.fullName}/branches/${encodeURIComponent(branch)}/protection`,
      {
        enforce_admins: true,
        required_pull_request_reviews: { required_approving_review_count: 1 },
        required_status_checks: null,
        restrictions: null,
      },
    );
  }

  /** Resolves when every event has been delivered, or has failed to be. */
  idle(): Promise<void> {
    return this.#extension.context.idle();
  }

  /** Stops everything; throws when there were violations, so that no test can overlook them. */
  async close(): Promise<void> {
    await this.#close();
    if (this.violations.length > 0) throw new Error(this.violations.join('\n'));
  }

  get #appRow(): AppRow {
    const row = this.#extension.context.app(this.app.appId);
    if (row === undefined) throw new Error('the app is gone');
    return row;
  }
}

export interface Parts {
  server: HttpServer;
  extension: Extension;
  world: World;
  app: AppCredentials;
  faults: Faults;
  clock: Clock;
  requests: LoggedRequest[];
  close: () => Promise<void>;
}

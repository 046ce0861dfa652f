import type { AppRow, InstallationRow, RepoRow } from '../emulate/rows.ts';
import type { Context } from './context.ts';
import type { DeliveryLog } from './deliveries.ts';
import { callerUser, simpleUser } from './people.ts';

type Payload = Record<string, unknown>;

/** Tells every installed app that listens about an event of a repository. */
export class Events {
  readonly #context: Context;
  readonly #log: DeliveryLog;
  readonly #dress: <T>(value: T) => T;

  constructor(context: Context, log: DeliveryLog, dress: <T>(value: T) => T) {
    this.#context = context;
    this.#log = log;
    this.#dress = dress;
  }

  /** Completes the payload with repository, organization, sender and installation. Answers before delivery ends. */
  async emit(event: string, payload: Payload, repo: RepoRow): Promise<void> {
    const listeners = this.#listeners(event, repo);
    if (listeners.length === 0) return;
    const common = await this.#common(repo);
    for (const { app, installation } of listeners) {
      const full = this.#dress({
        ...common,
        ...payload,
        installation: { id: installation.installation_id, node_id: `I_${installation.id}` },
      });
      this.#context.background(this.#log.send(app, event, full));
    }
  }

  #listeners(event: string, repo: RepoRow): { app: AppRow; installation: InstallationRow }[] {
    return this.#context.store.appInstallations.all().flatMap((installation) => {
      const app = this.#context.app(installation.app_id);
      const covers =
        installation.account_id === repo.owner_id &&
        installation.account_type === repo.owner_type &&
        (installation.repository_selection === 'all' ||
          installation.repository_ids.includes(repo.id));
      return app !== undefined && covers && app.events.includes(event)
        ? [{ app, installation }]
        : [];
    });
  }

  async #common(repo: RepoRow): Promise<Payload> {
    const sender = callerUser(this.#context, this.#context.caller());
    const org =
      repo.owner_type === 'Organization' ? this.#context.store.orgs.get(repo.owner_id) : undefined;
    return {
      repository: await this.#context.core('GET', `/repos/${repo.full_name}`),
      ...(org && { organization: { login: org.login, id: org.id, node_id: org.node_id } }),
      ...(sender && { sender: simpleUser(this.#context, sender) }),
    };
  }
}

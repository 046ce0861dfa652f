import type { Octokit, RepositoryName } from './client.ts';
import type { GitHub } from './octokit.ts';

export interface AppIdentity {
  readonly id: number;
  readonly slug: string;
  /** The login its comments and commits appear under. */
  readonly botLogin: string;
}

export interface Installation {
  readonly id: number;
  readonly account: string;
  readonly suspended: boolean;
}

/** Who we are on GitHub; called as the app. */
export async function readAppIdentity(app: Octokit): Promise<AppIdentity> {
  const { data } = await app.rest.apps.getAuthenticated();
  const slug = data?.slug ?? '';
  return { id: data?.id ?? 0, slug, botLogin: `${slug}[bot]` };
}

/** The id of an account, as in its noreply address. Called as an installation. */
async function readUserId(octokit: Octokit, login: string): Promise<number> {
  const { data } = await octokit.rest.users.getByUsername({ username: login });
  return data.id;
}

/**
 * The id of the app's bot account. GitHub tells it only to installations, so the first one in
 * service is used; null while there is none.
 */
export async function findBotId(github: GitHub, botLogin: string): Promise<number | null> {
  const installations = await listInstallations(github.app);
  const first = installations.find(({ suspended }) => !suspended);
  return first === undefined ? null : await readUserId(github.installation(first.id), botLogin);
}

/** Where the app is installed; called as the app. */
export async function listInstallations(app: Octokit): Promise<Installation[]> {
  const all = await app.paginate(app.rest.apps.listInstallations, { per_page: 100 });
  return all.map((installation) => ({
    id: installation.id,
    account: accountOf(installation.account),
    suspended: installation.suspended_at !== null,
  }));
}

/**
 * The repositories an installation may use; called as the installation.
 * @awaits the state scan
 */
export async function listRepositories(octokit: Octokit): Promise<RepositoryName[]> {
  const all = await octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation, {
    per_page: 100,
  });
  return all.map((repository) => ({ owner: repository.owner.login, repo: repository.name }));
}

function accountOf(account: { login?: string; slug?: string } | null): string {
  return account?.login ?? account?.slug ?? '';
}

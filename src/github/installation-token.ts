import assert from 'node:assert/strict';
import type { Octokit } from './client.ts';

export type TokenPermissions = Readonly<Record<string, 'read' | 'write'>>;

export interface TokenRequest {
  readonly installationId: number;
  /** What it is for: at least one repository, by id or by name without owner. */
  readonly repositoryIds?: readonly number[];
  readonly repositoryNames?: readonly string[];
  readonly permissions: TokenPermissions;
}

export interface InstallationToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** A token for exactly these repositories and permissions. Each call makes one; none is kept. */
export async function mintToken(app: Octokit, request: TokenRequest): Promise<InstallationToken> {
  const { installationId, repositoryIds = [], repositoryNames = [], permissions } = request;
  // GitHub takes "none named" for "all of them".
  assert(repositoryIds.length + repositoryNames.length > 0, 'a token names its repositories');
  assert(Object.keys(permissions).length > 0, 'a token names its permissions');
  const { data } = await app.rest.apps.createInstallationAccessToken({
    installation_id: installationId,
    ...(repositoryIds.length > 0 && { repository_ids: [...repositoryIds] }),
    ...(repositoryNames.length > 0 && { repositories: [...repositoryNames] }),
    permissions: { ...permissions },
  });
  return { token: data.token, expiresAt: new Date(data.expires_at) };
}

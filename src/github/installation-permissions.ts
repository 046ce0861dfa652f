import type { Octokit } from './client.ts';

/** What an installation was granted: `{ issues: 'write', contents: 'read' }`. Called as the app. */
export async function readPermissions(
  app: Octokit,
  installationId: number,
): Promise<Readonly<Record<string, string>>> {
  const { data } = await app.rest.apps.getInstallation({ installation_id: installationId });
  return Object.fromEntries(
    Object.entries(data.permissions).flatMap(([name, level]) =>
      typeof level === 'string' ? [[name, level] as const] : [],
    ),
  );
}

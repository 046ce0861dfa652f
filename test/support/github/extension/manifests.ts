import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Context } from './context.ts';
import { notFound, reply } from './http.ts';
import { simpleApp } from './people.ts';

export interface Manifest {
  name?: string;
  url?: string;
  redirect_url?: string;
  hook_attributes?: { url?: string };
  default_permissions?: Record<string, string>;
  default_events?: string[];
}

/** Manifests a person has agreed to, by the temporary code handed back to the app. */
export type PendingManifests = Map<string, { manifest: Manifest; owner: string }>;

export function acceptManifest(
  pending: PendingManifests,
  manifest: Manifest,
  owner: string,
): string {
  const code = randomBytes(20).toString('hex');
  pending.set(code, { manifest, owner });
  return code;
}

/** Trades the code for a new app, installed on its owner's repositories. A code works once. */
export function routeManifests(context: Context, pending: PendingManifests): void {
  context.routes.on('POST', '/app-manifests/:code/conversions', ({ params }) => {
    const code = params['code'] ?? '';
    const accepted = pending.get(code);
    if (accepted === undefined) return notFound();
    pending.delete(code);
    const { manifest, owner } = accepted;
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    const name = manifest.name ?? 'App';
    const app = context.store.apps.insert({
      app_id: Math.max(0, ...context.store.apps.all().map((each) => each.app_id)) + 1,
      slug: name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
      name,
      private_key: privateKey,
      permissions: manifest.default_permissions ?? {},
      events: manifest.default_events ?? [],
      webhook_url: manifest.hook_attributes?.url ?? null,
      webhook_secret: randomBytes(20).toString('hex'),
      description: null,
    });
    context.installApp(app, owner);
    const { webhook_secret, private_key: pem } = app;
    const client_secret = randomBytes(20).toString('hex');
    return reply({ ...simpleApp(context, app), client_secret, webhook_secret, pem }, 201);
  });
}

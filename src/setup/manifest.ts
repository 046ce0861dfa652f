import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const Manifest = z.strictObject({
  name: z.string(),
  url: z.url(),
  description: z.string(),
  public: z.boolean(),
  default_permissions: z.record(z.string(), z.enum(['read', 'write'])),
  default_events: z.array(z.string()),
});

/** `app.yml` with this server's addresses: the App is created with the path webhooks are received on. */
export function manifestFor(addresses: {
  readonly baseUrl: string;
  readonly webhookPath: string;
}): object {
  const text = readFileSync(join(import.meta.dirname, '../../app.yml'), 'utf8');
  const manifest = Manifest.parse(parse(text));
  return {
    ...manifest,
    url: addresses.baseUrl,
    hook_attributes: { url: `${addresses.baseUrl}${addresses.webhookPath}`, active: true },
    redirect_url: `${addresses.baseUrl}/setup/created`,
  };
}

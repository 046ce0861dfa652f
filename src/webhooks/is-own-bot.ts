import type { WebhookDeps } from './webhook-deps.ts';

/** Our own app, as opposed to any other bot. */
export async function isOwnBot(
  deps: Pick<WebhookDeps, 'appSlug'>,
  sender: { readonly login: string; readonly type?: string } | null | undefined,
): Promise<boolean> {
  if (sender?.type !== 'Bot') return false;
  return sender.login.toLowerCase() === `${await deps.appSlug()}[bot]`.toLowerCase();
}

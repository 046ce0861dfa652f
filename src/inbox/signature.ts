import { verify } from '@octokit/webhooks-methods';
import { AppError } from '../errors.ts';

/** The webhook's secrets: one, or both the old and the new while it is being changed. */
export function signatureCheck(
  secrets: readonly string[],
): (body: string, signature: string) => Promise<boolean> {
  if (secrets.length === 0 || secrets.some((secret) => secret.trim() === '')) {
    throw new AppError(
      'empty-webhook-secret',
      'The webhook secret is empty: anybody could send webhooks.',
    );
  }
  return async (body, signature) => {
    if (body === '') return false;
    // Always all of them: the time taken must not reveal which one matched.
    const answers = await Promise.all(secrets.map((secret) => verify(secret, body, signature)));
    return answers.includes(true);
  };
}

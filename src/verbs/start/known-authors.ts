import { type Integrity, integrityOf, isTrusted } from '../../commands/integrity.ts';
import type { StartRequest } from './start-request.ts';

/** The most different people asked about; any beyond that count as unknown. */
const MOST_AUTHORS = 30;

/** Tells for logins whether their text may be read. If the forge does not say, it throws; nothing starts. */
export function knownAuthors(
  { forge }: Pick<StartRequest, 'forge'>,
  minimum: Integrity,
): (login: string) => Promise<boolean> {
  const asked = new Map<string, Promise<boolean>>();

  async function ask(login: string): Promise<boolean> {
    const permission = await forge.findPermission(login);
    const isWriter = isTrusted(integrityOf({ permission, merged: false }), minimum);
    if (isWriter || minimum === 'write') return isWriter;
    const merged = await forge.hasMergedPullRequest(login);
    return isTrusted(integrityOf({ permission, merged }), minimum);
  }

  return async (login) => {
    if (minimum === 'any') return true;
    const key = login.toLowerCase();
    const known = asked.get(key);
    if (known !== undefined) return known;
    if (asked.size >= MOST_AUTHORS) return false;
    const answer = ask(login);
    asked.set(key, answer);
    return answer;
  };
}

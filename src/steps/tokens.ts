import type { RunContext } from '../engine/state/run-context.ts';
import type { GitHub } from '../github/octokit.ts';

/** Installation tokens for git, narrowed to one repository and to reading or writing its contents. */
export interface GitTokens {
  /** Kept until shortly before it expires: reading the same repository again needs no new one. */
  toRead(context: RunContext): Promise<string>;
  /** Minted each time, so that none exists before the step that pushes has ended. */
  toPush(context: RunContext): Promise<string>;
}

const SPARE_MS = 5 * 60_000;

export function createTokens(github: GitHub, now: () => number): GitTokens {
  const kept = new Map<string, { token: string; until: number }>();
  const mint = async (context: RunContext, contents: 'read' | 'write') =>
    github.mintToken({
      installationId: context.installationId,
      repositoryIds: [context.repository.id],
      permissions: { contents, metadata: 'read' },
    });
  return {
    async toRead(context) {
      const key = `${context.installationId}/${context.repository.id}`;
      const known = kept.get(key);
      if (known !== undefined && known.until > now()) return known.token;
      const minted = await mint(context, 'read');
      kept.set(key, { token: minted.token, until: minted.expiresAt.getTime() - SPARE_MS });
      return minted.token;
    },
    toPush: async (context) => (await mint(context, 'write')).token,
  };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const BROKEN_DIALECTS = join(import.meta.dirname, '../../fixtures/broken-dialects');

/** What should be said about a case lies beside its files. */
export const EXPECTED = 'expected.txt';

/** Names of the cases: each is a workflow folder of its own. */
export function brokenCases(): readonly string[] {
  return readdirSync(BROKEN_DIALECTS).toSorted();
}

export function filesOf(name: string): Readonly<Record<string, string>> {
  const root = join(BROKEN_DIALECTS, name);
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== EXPECTED);
  return Object.fromEntries(
    files.map(({ parentPath, name: file }) => {
      const path = join(parentPath, file);
      return [relative(root, path), readFileSync(path, 'utf8')];
    }),
  );
}

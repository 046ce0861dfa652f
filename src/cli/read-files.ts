import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

const MAX_FILES = 2_000;
const MAX_BYTES = 512 * 1024;
/** Files a workflow folder is made of. */
const WANTED = /\.(?:ya?ml|json|md|njk|txt)$/;

/** Text files below a folder, by their path with `/`. What is too large or too many is left out. */
export function readFiles(dir: string): Readonly<Record<string, string>> {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && WANTED.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size <= MAX_BYTES)
    .slice(0, MAX_FILES);
  return Object.fromEntries(
    entries.map((path) => [inside(dir, path), readFileSync(path, 'utf8')] as const),
  );
}

function inside(dir: string, path: string): string {
  return path.slice(dir.length).split(sep).filter(Boolean).join('/');
}

export function kindOfPath(path: string): 'file' | 'folder' | 'nothing' {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 'nothing';
  return found.isDirectory() ? 'folder' : 'file';
}

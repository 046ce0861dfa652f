import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from './io.ts';
import { kindOfPath } from './read-files.ts';

/** Writes all files below a folder, or none of them if one already exists. */
export function writeNewFiles(
  root: string,
  files: Readonly<Record<string, string>>,
  mayOverwrite: boolean,
): readonly string[] {
  const paths = Object.keys(files);
  const taken = paths.filter((path) => kindOfPath(join(root, path)) !== 'nothing');
  if (taken.length > 0 && !mayOverwrite) {
    const list = taken.map((path) => `  ${path}`).join('\n');
    throw new UsageError(
      `nothing was written, because these files are there already:\n${list}\nUse --force to overwrite them.`,
    );
  }
  for (const [path, text] of Object.entries(files)) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    // Whoever reads it meanwhile sees either the old file or the new one.
    const draft = `${target}.new`;
    writeFileSync(draft, text);
    renameSync(draft, target);
  }
  return paths;
}

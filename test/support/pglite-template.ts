import { cp, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

const { version } = createRequire(import.meta.url)(
  join(import.meta.dirname, '../../node_modules/@electric-sql/pglite/package.json'),
) as { version: string };
const TEMPLATE = join(tmpdir(), `sluice-test-pglite-${version}-${process.getuid?.() ?? 0}`);

/**
 * Gives a data directory an empty embedded database, as the application itself would make it, by
 * copying one made before: PGlite takes seconds of computing for it each time.
 */
export async function prepareDataDir(dataDir: string): Promise<void> {
  if (!(await exists(TEMPLATE))) await makeTemplate();
  await cp(TEMPLATE, join(dataDir, 'postgres'), { recursive: true });
}

async function makeTemplate(): Promise<void> {
  const directory = await mkdtemp(`${TEMPLATE}-`);
  const pglite = await PGlite.create(directory);
  await pglite.close();
  try {
    await rename(directory, TEMPLATE);
  } catch {
    // Another test process was faster.
    await rm(directory, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

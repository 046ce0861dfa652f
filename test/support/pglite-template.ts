import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pino from 'pino';
import { closeQueue, openQueue } from '#src/queue/queue.ts';
import { openDatabase } from '#src/store/database.ts';

const ROOT = join(import.meta.dirname, '../..');
const { version } = createRequire(import.meta.url)(
  join(ROOT, 'node_modules/@electric-sql/pglite/package.json'),
) as { version: string };

/**
 * Gives a data directory an empty embedded database, as the application itself would make it, by
 * copying one made before: PGlite takes seconds of computing for it each time.
 */
export async function prepareDataDir(dataDir: string): Promise<void> {
  await copyTemplate(dataDir, version, async (directory) => {
    const pglite = await PGlite.create(join(directory, 'postgres'));
    await pglite.close();
  });
}

/** As `prepareDataDir`, with the tables and queues that the application makes at its first start. */
export async function prepareStartedDataDir(dataDir: string): Promise<void> {
  const made = createHash('sha256').update(version);
  for (const file of ['package-lock.json', ...(await sourcesOf('store', 'queue'))]) {
    made.update(await readFile(join(ROOT, file)));
  }
  await copyTemplate(dataDir, made.digest('hex').slice(0, 16), async (directory) => {
    await prepareDataDir(directory);
    const log = pino({ level: 'silent' });
    const database = await openDatabase({ databaseUrl: null, dataDir: directory, log });
    await closeQueue(await openQueue({ database, log }));
    await database.close();
  });
}

async function sourcesOf(...folders: string[]): Promise<string[]> {
  const listed = folders.map(async (folder) => {
    const names = await readdir(join(ROOT, 'src', folder), { recursive: true });
    return names.filter((name) => name.endsWith('.ts')).map((name) => join('src', folder, name));
  });
  return (await Promise.all(listed)).flat().toSorted();
}

async function copyTemplate(
  dataDir: string,
  name: string,
  make: (directory: string) => Promise<void>,
): Promise<void> {
  const template = join(tmpdir(), `sluice-test-database-${name}-${process.getuid?.() ?? 0}`);
  if (!(await exists(template))) await makeTemplate(template, make);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await cp(join(template, 'postgres'), join(dataDir, 'postgres'), { recursive: true });
}

async function makeTemplate(
  template: string,
  make: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(`${template}-`);
  await make(directory);
  try {
    await rename(directory, template);
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

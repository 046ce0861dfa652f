import { Migrator } from 'kysely/migration';
import { AppError } from '../errors.ts';
import { first } from './migrations/0001-first.ts';
import { stepCache } from './migrations/0002-step-cache.ts';
import { scorecards } from './migrations/0003-scorecards.ts';
import { signsOfLife } from './migrations/0004-signs-of-life.ts';
import { starts } from './migrations/0005-starts.ts';
import { handledAgain } from './migrations/0006-handled-again.ts';
import { askings } from './migrations/0007-askings.ts';
import { claims } from './migrations/0008-claims.ts';
import type { Database } from './schema.ts';

/** In order. Kysely takes a lock in the database, so any number of processes may start at once. */
const MIGRATIONS = {
  '0001-first': first,
  '0002-step-cache': stepCache,
  '0003-scorecards': scorecards,
  '0004-signs-of-life': signsOfLife,
  '0005-starts': starts,
  '0006-handled-again': handledAgain,
  '0007-askings': askings,
  '0008-claims': claims,
};

export async function migrate(db: Database): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
    migrationTableName: 'sluice_migration',
    migrationLockTableName: 'sluice_migration_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const reason = error instanceof Error ? error.message : 'no reason given';
    throw new AppError('migration-failed', `The database could not be migrated: ${reason}`, {
      cause: error,
    });
  }
}

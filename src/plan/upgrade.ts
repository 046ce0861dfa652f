import { AppError } from '../errors.ts';
import type { JsonObject } from './json.ts';

/** From the shape of one version to the next. */
export type Upgrade = (stored: JsonObject) => JsonObject;

/** A later version of the program saved it. Its additions would be lost if this one continued. */
class NewerVersionError extends AppError {
  constructor(what: string, found: number, known: number) {
    super(
      'saved-by-newer-version',
      `${what} was saved by a newer version of Sluice, in format ${found}; this one reads formats up to ${known}. It was left as it is: start the newer version again.`,
      { fields: { found, known } },
    );
  }
}

/**
 * Brings what was stored as JSON to its current shape. `upgrades` has a row for every version before
 * the current one, and anything without a number is version 1. Throws for a newer version.
 */
export function upgradeStored(
  what: string,
  stored: JsonObject,
  upgrades: readonly Upgrade[],
): JsonObject {
  const version = versionOf(what, stored, upgrades.length + 1);
  return upgrades
    .slice(version - 1)
    .reduce((older, upgrade, row) => ({ ...upgrade(older), version: version + row + 1 }), stored);
}

/** The version of something stored; throws if it is newer than the current one. */
export function versionOf(what: string, stored: object, present: number): number {
  const version = 'version' in stored ? stored.version : 1;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw new AppError('unknown-version', `${what} names no version that can be.`);
  }
  if (version > present) throw new NewerVersionError(what, version, present);
  return version;
}

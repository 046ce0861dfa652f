import type { Permission } from '../forge/people.ts';
import { hasRole, roleOf } from './role.ts';

/** How well a text's author is known, lowest first. */
export const INTEGRITY_LEVELS = ['any', 'read-known', 'write'] as const;
export type Integrity = (typeof INTEGRITY_LEVELS)[number];

export interface AuthorFacts {
  /** Null if GitHub knows no such person in the repository. */
  readonly permission: Permission | null;
  /** A pull request of theirs was merged. */
  readonly merged: boolean;
}

export function integrityOf({ permission, merged }: AuthorFacts): Integrity {
  if (permission !== null && hasRole(roleOf(permission), 'write')) return 'write';
  return merged ? 'read-known' : 'any';
}

export function isTrusted(level: Integrity, minimum: Integrity): boolean {
  return INTEGRITY_LEVELS.indexOf(level) >= INTEGRITY_LEVELS.indexOf(minimum);
}

import { hasRole, roleOf } from '../commands/role.ts';
import type { Permission } from '../forge/people.ts';

/**
 * Somebody without a part in the repository, or of whom the forge does not say. On a public one that is
 * everybody: they are answered like the refused, once a day on a thread, so that nobody can fill it
 * through us.
 */
export function isOutsider(permission: Permission | null): boolean {
  return permission === null || !hasRole(roleOf(permission), 'triage');
}

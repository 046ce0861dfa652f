import { hasRole, type Permission, roleOf } from '../commands/role.ts';

/**
 * Somebody without a part in the repository, or of whom GitHub does not say. On a public one that is
 * everybody: they are answered like the refused, once a day on a thread, so that nobody can fill it
 * through us.
 */
export function isOutsider(permission: Permission | null): boolean {
  return permission === null || !hasRole(roleOf(permission), 'triage');
}

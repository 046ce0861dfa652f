import { hasRole, roleOf } from '../commands/role.ts';
import type { Permission } from '../forge/people.ts';

/**
 * Somebody without a role in the repository, or about whom the forge does not say. On a public one
 * that is everybody: like refusals, their answers come once a day per thread, so that nobody can
 * flood it through us.
 */
export function isOutsider(permission: Permission | null): boolean {
  return permission === null || !hasRole(roleOf(permission), 'triage');
}

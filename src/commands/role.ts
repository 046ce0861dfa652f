import type { Permission } from '../forge/people.ts';
import { ROLES } from '../plan/roles.ts';

const LADDER = ['none', ...ROLES] as const;
export type Role = (typeof LADDER)[number];

/**
 * The built-in role a person acts with. An organisation's custom role counts as the role it is
 * based on, and an answer that contradicts itself counts as the weaker of the two.
 */
export function roleOf(answer: Permission): Role {
  const base = isRole(answer.permission) ? answer.permission : 'none';
  if (!isRole(answer.roleName)) return base;
  const agrees = [answer.roleName, COARSE[answer.roleName]].includes(base);
  return agrees || hasRole(base, answer.roleName) ? answer.roleName : base;
}

export function hasRole(actual: Role, minimum: Role): boolean {
  return LADDER.indexOf(actual) >= LADDER.indexOf(minimum);
}

/** What `permission` says about a person with the role. */
const COARSE: Readonly<Record<Role, Role>> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

function isRole(name: string): name is Role {
  return LADDER.some((role) => role === name);
}

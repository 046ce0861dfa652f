import type { RepoRow, UserRow } from '../emulate/rows.ts';
import type { Context } from './context.ts';
import type { Caller } from './http.ts';
import { notFound, paged, reply } from './http.ts';
import { simpleUser } from './people.ts';

/** A person's rank in a repository, lowest first. */
const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const ROLE_OF_PERMISSION: Record<string, Role> = { pull: 'read', push: 'write' };
const PERMISSION_OF_ROLE: Record<Role, string> = {
  none: '',
  read: 'pull',
  triage: 'triage',
  write: 'push',
  maintain: 'maintain',
  admin: 'admin',
};

export const atLeast = (role: Role, wanted: Role): boolean =>
  ROLES.indexOf(role) >= ROLES.indexOf(wanted);

export function roleOf(context: Context, repo: RepoRow, user: UserRow): Role {
  const { collaborators } = context.store;
  const row = collaborators.findBy('repo_id', repo.id).find((each) => each.user_id === user.id);
  if (row !== undefined) return ROLE_OF_PERMISSION[row.permission] ?? (row.permission as Role);
  if (repo.owner_type === 'User' && repo.owner_id === user.id) return 'admin';
  return repo.private ? 'none' : 'read';
}

/** Gives a person a role in a repository; `none` takes it away. */
export function setRole(context: Context, repo: RepoRow, user: UserRow, role: Role): void {
  const { collaborators } = context.store;
  const row = collaborators.findBy('repo_id', repo.id).find((each) => each.user_id === user.id);
  if (row !== undefined) collaborators.delete(row.id);
  if (role === 'none') return;
  const permission = PERMISSION_OF_ROLE[role];
  collaborators.insert({ repo_id: repo.id, user_id: user.id, permission });
}

export function callerRole(context: Context, repo: RepoRow, caller: Caller): Role {
  const user = caller.kind === 'user' ? context.user(caller.login) : undefined;
  if (user === undefined) return repo.private ? 'none' : 'read';
  return roleOf(context, repo, user);
}

/** Whether an installation token reaches the repository with this permission. */
export function grants(repo: RepoRow, caller: Caller, permission: string, wanted: string): boolean {
  const grant = caller.owner?.installation;
  if (grant === undefined || grant.accountId !== repo.owner_id) return false;
  if (grant.accountType !== repo.owner_type) return false;
  const chosen = grant.repositorySelection === 'all' || grant.repositoryIds.includes(repo.id);
  const given = grant.permissions[permission];
  return chosen && (given === 'write' || given === wanted);
}

export function canRead(context: Context, repo: RepoRow, caller: Caller): boolean {
  if (!repo.private || caller.kind === 'app') return true;
  if (caller.kind === 'installation') return grants(repo, caller, 'metadata', 'read');
  return caller.kind === 'user' && callerRole(context, repo, caller) !== 'none';
}

export function canPush(context: Context, repo: RepoRow, caller: Caller): boolean {
  if (caller.kind === 'installation') return grants(repo, caller, 'contents', 'write');
  return caller.kind === 'user' && atLeast(callerRole(context, repo, caller), 'write');
}

/** Everybody with a role of at least `permission`, with what it lets them do. */
function routeCollaborators(context: Context): void {
  context.routes.on('GET', '/repos/:owner/:repo/collaborators', (request) => {
    const repo = context.repository(request.params);
    if (repo === undefined || !canPush(context, repo, request.caller)) return notFound();
    const wanted = request.url.searchParams.get('permission') ?? 'pull';
    const minimum = ROLE_OF_PERMISSION[wanted] ?? (wanted as Role);
    const people = context.store.users.all().filter(({ type }) => type !== 'Bot');
    const rows = people
      .map((user) => ({ user, role: roleOfMember(context, repo, user) }))
      .filter(({ role }) => role !== 'none' && atLeast(role, minimum));
    return paged(request, rows, ({ user, role }) => ({
      ...simpleUser(context, user),
      permissions: {
        pull: true,
        triage: atLeast(role, 'triage'),
        push: atLeast(role, 'write'),
        maintain: atLeast(role, 'maintain'),
        admin: role === 'admin',
      },
      role_name: role,
    }));
  });
}

/** On a public repository everybody reads, but not everybody is a collaborator. */
function roleOfMember(context: Context, repo: RepoRow, user: UserRow): Role {
  return roleOf(context, { ...repo, private: true }, user);
}

/** The permission API, with the names GitHub uses: `permission` knows four levels, `role_name` all. */
export function routeRoles(context: Context): void {
  routeCollaborators(context);
  context.routes.on('GET', '/repos/:owner/:repo/collaborators/:login/permission', ({ params }) => {
    const repo = context.repository(params);
    const user = context.user(params['login'] ?? '');
    if (repo === undefined || user === undefined || user.type === 'Bot') return notFound();
    const role = roleOf(context, repo, user);
    const coarse: Partial<Record<Role, Role>> = { maintain: 'write', triage: 'read' };
    const { login, id, type } = user;
    return reply({ permission: coarse[role] ?? role, role_name: role, user: { login, id, type } });
  });
}

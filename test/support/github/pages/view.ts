import type { Extension } from '../extension/extension.ts';
import { atLeast, type Role, roleOf } from '../extension/roles.ts';
import { Person } from '../person.ts';
import { RepositoryView } from '../repository-view.ts';
import { tokenOf, type World } from '../seed.ts';
import type { Exchange } from '../server/server.ts';

/** What a page is drawn from: whose eyes, which repository, which path. */
export interface View {
  extension: Extension;
  world: World;
  viewer: string;
  role: Role;
  repository: RepositoryView;
  /** `acme/demo` */
  name: string;
  path: string;
}

export function viewerOf({ headers }: Exchange, { people }: World): string {
  const named = /(?:^|;\s*)viewer=([\w-]+)/.exec(headers.get('cookie') ?? '')?.[1];
  if (named !== undefined && named in people) return named;
  const writer = Object.keys(people).find((login) => people[login] === 'write');
  return writer ?? Object.keys(people)[0] ?? '';
}

/** Null when there is no such repository, or the viewer may not know of it. */
export function viewOf(
  extension: Extension,
  world: World,
  exchange: Exchange,
  owner: string,
  repo: string,
): View | null {
  const row = extension.context.repository({ owner, repo });
  const viewer = viewerOf(exchange, world);
  const user = extension.context.user(viewer);
  if (row === undefined || user === undefined) return null;
  const role = roleOf(extension.context, row, user);
  if (role === 'none') return null;
  const name = row.full_name;
  const repository = new RepositoryView(extension, name);
  const path = exchange.url.pathname;
  return { extension, world, viewer, role, repository, name, path };
}

export const may = (view: View, role: Role): boolean => atLeast(view.role, role);

export function personOf(extension: Extension, viewer: string, repository: string): Person {
  return new Person(extension.context.baseUrl, repository, viewer, tokenOf(viewer));
}

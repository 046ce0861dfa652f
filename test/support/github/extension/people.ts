import type { AppRow, UserRow } from '../emulate/rows.ts';
import type { Context } from './context.ts';
import type { Caller } from './http.ts';

/** A person as GitHub shows one inside other things: senders, authors, assignees. */
export function simpleUser(context: Context, user: UserRow) {
  const { login, id, node_id, type, site_admin } = user;
  const url = `${context.baseUrl}/users/${encodeURIComponent(login)}`;
  const page = type === 'Bot' ? `apps/${login.replace('[bot]', '')}` : login;
  return {
    login,
    id,
    node_id,
    avatar_url: `${context.baseUrl}/avatars/u/${encodeURIComponent(login)}`,
    gravatar_id: '',
    url,
    html_url: `${context.baseUrl}/${page}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin,
    user_view_type: 'public',
  };
}

export function callerUser(context: Context, caller: Caller): UserRow | undefined {
  return caller.kind === 'app' ? context.user(`${caller.login}[bot]`) : context.user(caller.login);
}

export function simpleApp(context: Context, app: AppRow) {
  const [org] = context.store.orgs.all();
  const { app_id: id, slug, name, description, permissions, events } = app;
  return {
    id,
    slug,
    node_id: Buffer.from(`0:App${id}`).toString('base64').replace(/=+$/, ''),
    client_id: `Iv23li${String(id).padStart(14, '0')}`,
    owner: org === undefined ? null : { login: org.login, id: org.id, type: 'Organization' },
    name,
    description,
    external_url: context.baseUrl,
    html_url: `${context.baseUrl}/apps/${slug}`,
    created_at: app.created_at,
    updated_at: app.updated_at,
    permissions,
    events,
  };
}

/** The app behind a `slug[bot]` login. */
export function appOfBot(context: Context, login: string): AppRow | undefined {
  if (!login.endsWith('[bot]')) return undefined;
  const slug = login.slice(0, -'[bot]'.length);
  return context.store.apps.all().find((app) => app.slug === slug);
}

import { CoreError } from '../extension/context.ts';
import type { Extension } from '../extension/extension.ts';
import type { ApiResponse } from '../extension/http.ts';
import { NotThere } from '../repository-view.ts';
import type { World } from '../seed.ts';
import type { Exchange } from '../server/server.ts';
import { perform } from './actions.ts';
import { asset, avatarImage } from './assets.ts';
import { checkRunPage } from './check-pages.ts';
import { codePage, commitPage, commitsPage, comparePage, filePage } from './code-pages.ts';
import { homePage } from './home.ts';
import { type Html, html } from './html.ts';
import { issueList, issuePage, newIssuePage, pullList } from './issue-pages.ts';
import { plainPage } from './layout.ts';
import { Live } from './live.ts';
import { manifestPage, manifestRedirect } from './manifest-pages.ts';
import { type PullTab, pullPage } from './pull-pages.ts';
import { type View, viewerOf, viewOf } from './view.ts';

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'",
};

type Draw = (view: View, ...parts: string[]) => Html | null | Promise<Html | null>;

const PAGES: [RegExp, Draw][] = [
  [/^$/, (view) => codePage(view, defaultBranch(view))],
  [/^\/tree\/(.+)$/, (view, branch = '') => codePage(view, branch)],
  [/^\/blob\/(.+)$/, (view, rest = '') => filePage(view, rest)],
  [/^\/commits\/(.+)$/, (view, branch = '') => commitsPage(view, branch)],
  [/^(?:\/pull\/\d+\/commits|\/commit)\/(\w+)/, (view, sha = '') => commitPage(view, sha)],
  [/^\/compare\/(.+)$/, (view, range = '') => comparePage(view, range)],
  [/^\/issues$/, (view) => issueList(view)],
  [/^\/issues\/new$/, (view) => newIssuePage(view)],
  [/^\/issues\/(\d+)$/, (view, number) => issuePage(view, Number(number))],
  [/^\/pulls$/, (view) => pullList(view)],
  [
    /^\/pull\/(\d+)(?:\/(commits|checks|files))?$/,
    (view, number, tab) => pullPage(view, Number(number), (tab ?? 'conversation') as PullTab),
  ],
  [/^\/runs\/(\d+)$/, (view, id) => checkRunPage(view, Number(id))],
];

export interface Pages {
  page: (exchange: Exchange) => Promise<ApiResponse>;
  changed: () => void;
  close: () => void;
}

/** What people see of this GitHub, on the same origin as its API. */
export function createPages(extension: Extension, world: World): Pages {
  const live = new Live();
  return {
    changed: () => {
      live.changed();
    },
    close: () => {
      live.close();
    },
    page: async (exchange) => {
      const { pathname } = exchange.url;
      if (pathname === '/_live') {
        live.listen(exchange.outgoing);
        return { status: 200, headers: {}, body: undefined };
      }
      if (exchange.method === 'POST') return submitted(extension, world, exchange);
      const file = /^\/_assets\/(.+)$/.exec(pathname)?.[1];
      if (file !== undefined) return (await asset(file)) ?? missing(world, exchange);
      const login = /^\/avatars\/[uo]\/(.+)$/.exec(pathname)?.[1];
      if (login !== undefined) return avatarImage(decodeURIComponent(login));
      if (/^\/(apps\/)?[\w[\]-]+$/.test(pathname)) return redirect('/'); // people and apps have no page
      if (pathname === '/') return ok(homePage(extension, world, viewerOf(exchange, world)));
      return (await repositoryAnswer(extension, world, exchange)) ?? missing(world, exchange);
    },
  };
}

async function repositoryAnswer(
  extension: Extension,
  world: World,
  exchange: Exchange,
): Promise<ApiResponse | null> {
  const { pathname } = exchange.url;
  const [, owner = '', repo = '', rest = ''] = /^\/([^/]+)\/([^/]+)(.*?)\/?$/.exec(pathname) ?? [];
  const view = viewOf(extension, world, exchange, owner, repo.replace(/\.git$/, ''));
  if (view === null) return null;
  for (const [pattern, draw] of PAGES) {
    const match = pattern.exec(decodeURIComponent(rest));
    if (match === null) continue;
    if (pattern.source.includes('issues') && isPull(view, Number(match[1]))) {
      return redirect(`/${view.name}/pull/${match[1]}`);
    }
    return drawn(draw, view, match.slice(1));
  }
  return null;
}

async function drawn(draw: Draw, view: View, parts: string[]): Promise<ApiResponse | null> {
  try {
    const page = await draw(view, ...parts);
    return page === null ? null : ok(page);
  } catch (error) {
    if (error instanceof CoreError || error instanceof NotThere) return null;
    throw error;
  }
}

function isPull(view: View, number: number): boolean {
  const { issues, repos } = view.extension.context.store;
  const repo = repos.findOneBy('full_name', view.name);
  return issues
    .findBy('repo_id', repo?.id ?? 0)
    .some((row) => row.number === number && row.is_pull_request);
}

async function submitted(
  extension: Extension,
  world: World,
  exchange: Exchange,
): Promise<ApiResponse> {
  const { url, headers, body } = exchange;
  const form = new URLSearchParams(body.toString());
  const viewer = viewerOf(exchange, world);
  const owner = /^\/organizations\/([^/]+)\/settings\/apps\/new$/.exec(url.pathname)?.[1];
  if (owner !== undefined || url.pathname === '/settings/apps/new') {
    const state = url.searchParams.get('state') ?? '';
    return ok(manifestPage(world, viewer, owner ?? world.owner, form, state));
  }
  if (!isOurForm(headers, extension.context.baseUrl)) {
    return { status: 403, headers: {}, body: { refused: 'forms of other pages are not accepted' } };
  }
  const back = headers.get('referer') ?? '/';
  if (url.pathname === '/_view') {
    const cookie = `viewer=${encodeURIComponent(form.get('login') ?? '')}; Path=/; SameSite=Strict`;
    return redirect(back, { 'set-cookie': cookie });
  }
  if (url.pathname === '/_manifest') return redirect(manifestRedirect(extension, form));
  if (url.pathname !== '/_act') return missing(world, exchange);
  const outcome = await perform(extension, viewer, form);
  if (headers.get('accept') === 'application/json') {
    return { status: 'refused' in outcome ? 403 : 200, headers: {}, body: outcome };
  }
  if ('refused' in outcome) return refusedPage(world, viewer, outcome.refused);
  return redirect(outcome.next ?? back);
}

/** Forms act in a person's name, so another site must not be able to send them. */
function isOurForm(headers: Headers, origin: string): boolean {
  const sent = headers.get('origin');
  return sent === null || sent === 'null'
    ? headers.get('sec-fetch-site') === null
    : sent === origin;
}

function defaultBranch(view: View): string {
  const row = view.extension.context.store.repos.findOneBy('full_name', view.name);
  return row?.default_branch ?? 'main';
}

function ok(page: Html, status = 200): ApiResponse {
  return { status, headers: HEADERS, body: Buffer.from(page.text) };
}

function missing(world: World, exchange: Exchange): ApiResponse {
  const inside = html`<h1>Nothing here</h1><p class="quiet">The local GitHub has no page at <code>${exchange.url.pathname}</code>, or ${viewerOf(exchange, world)} may not see it.</p>`;
  return ok(plainPage('Nothing here', viewerOf(exchange, world), world, inside), 404);
}

function refusedPage(world: World, viewer: string, reason: string): ApiResponse {
  return ok(plainPage('Refused', viewer, world, html`<h1>Refused</h1><p>${reason}</p>`), 403);
}

function redirect(location: string, headers: Record<string, string> = {}): ApiResponse {
  return { status: 303, headers: { ...headers, location }, body: undefined };
}

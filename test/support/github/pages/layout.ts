import type { World } from '../seed.ts';
import { type Html, html, type Part } from './html.ts';
import { icon } from './pieces.ts';
import type { View } from './view.ts';

export type Tab = 'code' | 'issues' | 'pulls' | 'none';

function document(title: string, viewer: string, world: World, inside: Part): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <link rel="icon" href="/_assets/icon.svg" />
    <link rel="stylesheet" href="/_assets/style.css" />
    <script type="module" src="/_assets/page.js"></script>
  </head>
  <body>
    <div class="notice" role="note">
      <b>Local GitHub.</b> An emulator on this computer, for tests and the demo. Not GitHub; nothing leaves this machine and nothing is kept.
    </div>
    <header class="top">
      <a class="brand" href="/">${icon('repository')} Local GitHub</a>
      ${viewerSwitch(viewer, world)}
    </header>
    <div id="page">${inside}</div>
    <div id="toast" role="status" aria-live="polite"></div>
  </body>
</html>`;
}

function viewerSwitch(viewer: string, { people }: World): Html {
  const options = Object.entries(people).map(
    ([login, role]) =>
      html`<option value="${login}" ${login === viewer ? html`selected` : ''}>${login} · ${role === 'none' ? 'stranger' : role}</option>`,
  );
  return html`
    <form class="viewer" method="post" action="/_view">
      <label for="viewer">Viewing as</label>
      <img class="avatar small" src="/avatars/u/${viewer}" alt="" />
      <select id="viewer" name="login">${options}</select>
      <button>Switch</button>
    </form>`;
}

export function repositoryPage(view: View, tab: Tab, title: string, inside: Part): Html {
  const { name, repository, viewer, world } = view;
  const [owner, repo] = name.split('/');
  const issues = repository.issues().filter((issue) => issue.state === 'open').length;
  const { store } = view.extension.context;
  const row = store.repos.findOneBy('full_name', name);
  const pulls = store.pullRequests
    .findBy('repo_id', row?.id ?? 0)
    .filter((pull) => pull.state === 'open').length;
  const link = (to: Tab, href: string, words: Part, count?: number) => html`
    <a href="${href}" class="${to === tab ? 'here' : ''}">${words}${count !== undefined && html`<span class="count">${count}</span>`}</a>`;
  return document(
    `${title} · ${name}`,
    viewer,
    world,
    html`
      <div class="repo-head">
        <div class="wide">
          <h1 class="repo-name">${icon('repository')} <a href="/">${owner}</a> / <a href="/${name}"><b>${repo}</b></a>
            <span class="tag">${row?.private === true ? 'private' : 'public'}</span></h1>
          <nav class="tabs" aria-label="Repository">
            ${link('code', `/${name}`, html`${icon('file')} Code`)}
            ${link('issues', `/${name}/issues`, html`${icon('issue')} Issues`, issues)}
            ${link('pulls', `/${name}/pulls`, html`${icon('pull')} Pull requests`, pulls)}
          </nav>
        </div>
      </div>
      <main class="wide">${inside}</main>`,
  );
}

export function plainPage(title: string, viewer: string, world: World, inside: Part): Html {
  return document(title, viewer, world, html`<main class="wide">${inside}</main>`);
}

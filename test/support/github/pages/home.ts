import type { Extension } from '../extension/extension.ts';
import type { World } from '../seed.ts';
import { type Html, html } from './html.ts';
import { plainPage } from './layout.ts';
import { ago, icon } from './pieces.ts';

const SHOWN_DELIVERIES = 40;

export function homePage(extension: Extension, world: World, viewer: string): Html {
  const { store } = extension.context;
  const repositories = store.repos.all().map(
    (repo) => html`
      <li class="row">
        ${icon('repository')}
        <div><a class="title" href="/${repo.full_name}">${repo.full_name}</a>
          <div class="quiet">${repo.private ? 'private' : 'public'} · ${repo.default_branch}</div></div>
        <a class="end" href="/${repo.full_name}/issues">Issues</a>
        <a href="/${repo.full_name}/pulls">Pull requests</a>
      </li>`,
  );
  return plainPage(
    'Local GitHub',
    viewer,
    world,
    html`
      <h1>Repositories</h1>
      <ul class="box list">${repositories}</ul>
      <h2>Webhook deliveries</h2>
      <p class="quiet">What the app was told, newest first.</p>
      ${deliveryTable(extension)}`,
  );
}

function deliveryTable({ deliveries }: Extension): Html {
  const newest = deliveries.attempts.slice(-SHOWN_DELIVERIES).toReversed();
  if (newest.length === 0) return html`<p class="box pad quiet">None yet.</p>`;
  const rows = newest.map(
    (each) => html`
      <tr>
        <td><span class="check-sign ${each.status === '' ? 'queued' : each.status === 'OK' ? 'success' : 'failure'}">${each.status === 'OK' ? '✓' : each.status === '' ? '' : '✕'}</span></td>
        <td><code>${each.event}${each.action !== null && `.${each.action}`}</code></td>
        <td class="quiet">${(each.payload['sender'] as { login?: string } | undefined)?.login}</td>
        <td class="quiet">${each.status || 'under way'}${each.redelivery && ' (again)'}</td>
        <td class="quiet">${ago(new Date(each.deliveredAt).toISOString())}</td>
      </tr>`,
  );
  return html`<div class="box scroll"><table class="plain"><tbody>${rows}</tbody></table></div>`;
}

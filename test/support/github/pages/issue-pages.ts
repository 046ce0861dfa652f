import type { Issue, Pull } from '../model.ts';
import { type Html, html } from './html.ts';
import { repositoryPage } from './layout.ts';
import { act, ago, author, icon, labelBadge, plural, pullState, stateBadge } from './pieces.ts';
import { commentForm, labelEditor, thread } from './thread.ts';
import { may, type View } from './view.ts';

export function issueList(view: View): Html {
  const issues = view.repository.issues().toReversed();
  return repositoryPage(
    view,
    'issues',
    'Issues',
    html`
      <div class="heading"><h1>Issues</h1><a class="button primary" href="/${view.name}/issues/new">New issue</a></div>
      <ul class="box list">
        ${issues.map((issue) => listRow(view, issue, 'issue'))}
        ${issues.length === 0 && html`<li class="pad quiet">There are no issues yet.</li>`}
      </ul>`,
  );
}

export async function pullList(view: View): Promise<Html> {
  const pulls = (await view.repository.pulls()).toReversed();
  return repositoryPage(
    view,
    'pulls',
    'Pull requests',
    html`
      <div class="heading"><h1>Pull requests</h1></div>
      <ul class="box list">
        ${pulls.map((pull) => listRow(view, pull, 'pull'))}
        ${pulls.length === 0 && html`<li class="pad quiet">There are no pull requests yet.</li>`}
      </ul>`,
  );
}

function listRow(view: View, item: Issue | Pull, kind: 'issue' | 'pull'): Html {
  const state = 'draft' in item ? pullState(item) : item.state;
  const path = kind === 'issue' ? 'issues' : 'pull';
  return html`
    <li class="row">
      <span class="mark ${state}">${icon(kind, state)}</span>
      <div>
        <a class="title" href="/${view.name}/${path}/${item.number}">${item.title}</a>
        ${item.labels.map(labelBadge)}
        <div class="quiet">#${item.number} opened ${ago(item.created_at)} by ${item.user.login}</div>
      </div>
      ${'comments' in item && item.comments > 0 && html`<span class="end quiet">${plural(item.comments, 'comment')}</span>`}
    </li>`;
}

export function newIssuePage(view: View): Html {
  return repositoryPage(
    view,
    'issues',
    'New issue',
    html`
      <h1>New issue</h1>
      ${act(
        'create-issue',
        { repository: view.name },
        html`
          <label for="title">Title</label>
          <input id="title" name="title" required />
          <label for="body">Description</label>
          <textarea id="body" name="body" rows="10" placeholder="What is wanted, and why"></textarea>
          <div class="buttons"><button class="primary">Create issue</button></div>`,
        'box pad stack',
      )}`,
  );
}

export async function issuePage(view: View, number: number): Promise<Html> {
  const issue = view.repository.issue(number);
  const pulls = (await view.repository.pulls()).filter((pull) => closes(pull, number));
  const own = issue.user.login === view.viewer;
  const target = issue.state === 'open' ? 'closed' : 'open';
  const toggle = html`<button name="state" value="${target}" formnovalidate>${target === 'closed' ? 'Close issue' : 'Reopen issue'}</button>`;
  return repositoryPage(
    view,
    'issues',
    `${issue.title} · Issue #${number}`,
    html`
      <h1 class="subject">${issue.title} <span class="quiet">#${number}</span></h1>
      <p class="under">${stateBadge(issue.state, 'issue')} ${author(issue.user.login)}
        <span class="quiet">opened this issue ${ago(issue.created_at)} · ${plural(issue.comments, 'comment')}</span></p>
      <div class="columns">
        <div>
          ${await thread(view, issue)}
          ${commentForm(view, issue, own || may(view, 'triage') ? toggle : '')}
        </div>
        <aside>
          ${labelEditor(view, issue)}
          <section class="side" id="development">
            <h3>Development</h3>
            ${pulls.map(
              (pull) => html`<a class="linked" href="/${view.name}/pull/${pull.number}">
              <span class="mark ${pullState(pull)}">${icon('pull', pullState(pull))}</span> ${pull.title} #${pull.number}</a>`,
            )}
            ${pulls.length === 0 && html`<span class="quiet">No pull request yet</span>`}
          </section>
        </aside>
      </div>`,
  );
}

const closes = ({ body }: Pull, number: number): boolean =>
  new RegExp(`\\b(?:close|fix|resolve)[sd]?(?:es)?:?\\s+#${number}\\b`, 'i').test(body ?? '');

import type { CheckRun, Pull } from '../model.ts';
import { checkRunBox } from './check-pages.ts';
import { commitList } from './code-pages.ts';
import { diffOf } from './diff.ts';
import { type Html, html, type Part } from './html.ts';
import { repositoryPage } from './layout.ts';
import {
  act,
  ago,
  author,
  checkSign,
  checkWords,
  icon,
  plural,
  pullState,
  stateBadge,
} from './pieces.ts';
import { commentForm, labelEditor, thread } from './thread.ts';
import { may, type View } from './view.ts';

export type PullTab = 'conversation' | 'commits' | 'checks' | 'files';

export async function pullPage(view: View, number: number, tab: PullTab): Promise<Html> {
  const pull = await view.repository.pull(number);
  const checks = await view.repository.checkRuns(pull.head.sha);
  const content = {
    conversation: () => conversation(view, pull, checks),
    commits: async () => commitList(view, (await view.repository.changes(number)).commits),
    checks: async () => checksTab(view, checks),
    files: async () => diffOf((await view.repository.changes(number)).files),
  }[tab];
  return repositoryPage(
    view,
    'pulls',
    `${pull.title} · Pull request #${number}`,
    html`
      <h1 class="subject">${pull.title} <span class="quiet">#${number}</span></h1>
      <p class="under">${stateBadge(pullState(pull), 'pull')} ${author(pull.user.login)}
        <span class="quiet">${pull.merged ? 'merged' : 'wants to merge'} ${plural(pull.commits, 'commit')} into
        <code>${pull.base.ref}</code> from <code>${pull.head.ref}</code></span></p>
      ${tabs(view, pull, tab, checks.length)}
      ${await content()}`,
  );
}

function tabs(view: View, pull: Pull, here: PullTab, checks: number): Html {
  const at = `/${view.name}/pull/${pull.number}`;
  const link = (tab: PullTab, href: string, words: string, count?: number) =>
    html`<a href="${href}" class="${tab === here ? 'here' : ''}">${words}${count !== undefined && html`<span class="count">${count}</span>`}</a>`;
  return html`
    <nav class="tabs inner" aria-label="Pull request">
      ${link('conversation', at, 'Conversation')}
      ${link('commits', `${at}/commits`, 'Commits', pull.commits)}
      ${link('checks', `${at}/checks`, 'Checks', checks)}
      ${link('files', `${at}/files`, 'Files changed', pull.changed_files)}
      <span class="end counts"><b class="plus">+${pull.additions}</b> <b class="minus">−${pull.deletions}</b></span>
    </nav>`;
}

async function conversation(view: View, pull: Pull, checks: CheckRun[]): Promise<Html> {
  const issue = view.repository.issue(pull.number);
  const { commits } = await view.repository.changes(pull.number);
  return html`
    <div class="columns">
      <div>
        ${await thread(view, issue, commits)}
        ${mergeBox(view, pull, checks)}
        ${commentForm(view, issue)}
      </div>
      <aside>${labelEditor(view, issue)}</aside>
    </div>`;
}

function mergeBox(view: View, pull: Pull, checks: CheckRun[]): Html {
  const rows = checks.map(
    (run) => html`
      <li class="row">${checkSign(run)} <div><a href="/${view.name}/runs/${run.id}"><b>${run.name}</b></a>
        <span class="quiet">${run.output.title ?? checkWords(run)}</span></div></li>`,
  );
  return html`
    <div class="post" id="merge-box"><span class="avatar large merge-mark ${pullState(pull)}">${icon('pull', pullState(pull))}</span>
      <div class="box grow">
        ${rows.length > 0 && html`<ul class="list">${rows}</ul>`}
        <div class="pad">${mergeWords(view, pull)}</div>
      </div>
    </div>`;
}

function mergeWords(view: View, pull: Pull): Part {
  if (pull.merged) return html`<b>Merged</b> <span class="quiet">${ago(pull.merged_at)}</span>`;
  if (pull.state === 'closed') return html`<b>Closed</b> without being merged.`;
  if (pull.draft)
    return html`<b>Still a draft.</b> <span class="quiet">It can be merged when it is ready for review.</span>`;
  if (pull.mergeable === false)
    return html`<b>Conflicts</b> with <code>${pull.base.ref}</code> have to be resolved first.`;
  const fields = { repository: view.name, number: pull.number };
  return html`
    <p><b>No conflicts with the base branch.</b></p>
    ${
      may(view, 'write')
        ? act('merge', fields, html`<button class="primary">Merge pull request</button>`)
        : html`<span class="quiet">Only those with write access can merge.</span>`
    }`;
}

function checksTab(view: View, checks: CheckRun[]): Html {
  return checks.length === 0
    ? html`<p class="box pad quiet">No check has run on this head.</p>`
    : html`${checks.map((run) => checkRunBox(view, run))}`;
}

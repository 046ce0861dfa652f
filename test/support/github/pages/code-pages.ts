import type { Comparison } from '../extension/pull-facts.ts';
import type { TreeEntry } from '../git/objects.ts';
import type { Commit } from '../model.ts';
import { commitOf } from '../repository-view.ts';
import { diffOf } from './diff.ts';
import { type Html, html } from './html.ts';
import { repositoryPage } from './layout.ts';
import { markdown } from './markdown.ts';
import { ago, commitLink, icon } from './pieces.ts';
import type { View } from './view.ts';

export async function codePage(view: View, branch: string): Promise<Html> {
  const { repository, name, extension } = view;
  const [newest] = await repository.commits(branch);
  if (newest === undefined)
    return repositoryPage(view, 'code', name, html`<p class="box pad">Empty.</p>`);
  const { tree } = await extension.context.core<{ tree: TreeEntry[] }>(
    'GET',
    `/repos/${name}/git/trees/${newest.sha}?recursive=1`,
  );
  const files = tree.filter((entry) => entry.type === 'blob');
  const readme = await repository.fileAt(branch, 'README.md');
  const branches = repository.branches();
  return repositoryPage(
    view,
    'code',
    branch,
    html`
      <p class="branches">${branches.map((each) => html`<a class="branch ${each === branch ? 'here' : ''}" href="/${name}/tree/${each}">${each}</a>`)}</p>
      <div class="box">
        <div class="box-head"><b>${newest.author}</b> <a href="/${name}/commit/${newest.sha}">${firstLine(newest.message)}</a>
          <span class="end quiet">${commitLink(name, newest.sha)} · ${ago(newest.date)} · <a href="/${name}/commits/${branch}">Commits</a></span></div>
        <ul class="list files">${files.map(
          (file) => html`<li class="row">${icon('file')}
          <a href="/${name}/blob/${branch}/${file.path}">${file.path}</a></li>`,
        )}</ul>
      </div>
      ${readme !== null && html`<div class="box"><div class="box-head">${icon('file')} README.md</div><div class="markdown pad">${markdown(readme, name)}</div></div>`}`,
  );
}

/** `rest` is a branch and a path with nothing but a slash between them. */
export async function filePage(view: View, rest: string): Promise<Html | null> {
  const branch = view.repository.branches().find((each) => rest.startsWith(`${each}/`));
  const ref = branch ?? rest.split('/')[0] ?? '';
  const path = rest.slice(ref.length + 1);
  const text = await view.repository.fileAt(ref, path);
  if (text === null) return null;
  const lines = text.replace(/\n$/, '').split('\n');
  return repositoryPage(
    view,
    'code',
    path,
    html`
      <p class="quiet"><a href="/${view.name}/tree/${ref}">${ref}</a> / <b>${path}</b></p>
      <div class="box scroll"><table class="diff"><tbody>
        ${lines.map((line, at) => html`<tr><td class="n">${at + 1}</td><td class="code">${line}</td></tr>`)}
      </tbody></table></div>`,
  );
}

export async function commitsPage(view: View, branch: string): Promise<Html> {
  const commits = await view.repository.commits(branch);
  return repositoryPage(
    view,
    'code',
    `Commits · ${branch}`,
    html`<h1>Commits on ${branch}</h1>${commitList(view, commits.toReversed())}`,
  );
}

export async function commitPage(view: View, sha: string): Promise<Html> {
  const { commit, files } = await view.extension.context.core<
    Comparison & { commit: { message: string; author: { name: string; date: string } } }
  >('GET', `/repos/${view.name}/commits/${sha}`);
  const { subject, body, trailers } = parts(commit.message);
  return repositoryPage(
    view,
    'code',
    subject,
    html`
      <div class="box">
        <div class="box-head"><b>${subject}</b></div>
        <div class="pad">
          ${body !== '' && html`<pre class="message">${body}</pre>`}
          ${trailerList(trailers)}
          <p class="quiet">${commit.author.name} committed ${ago(commit.author.date)} · <code>${sha}</code></p>
        </div>
      </div>
      ${diffOf(files)}`,
  );
}

export async function comparePage(view: View, range: string): Promise<Html> {
  const path = `/repos/${view.name}/compare/${range}`;
  const { commits, files } = await view.extension.context.core<Comparison>('GET', path);
  return repositoryPage(
    view,
    'code',
    range,
    html`<h1>${range}</h1>${commitList(view, commits.map(commitOf))}${diffOf(files)}`,
  );
}

/** Oldest first, with the trailers that say which step of which run made them. */
export function commitList(view: View, commits: Commit[]): Html {
  const rows = commits.map((commit) => {
    const { subject, body, trailers } = parts(commit.message);
    return html`
      <li class="row">
        ${icon('commit')}
        <div>
          <a class="title" href="/${view.name}/commit/${commit.sha}">${subject}</a>
          <div class="quiet">${commit.author} committed ${ago(commit.date)}</div>
          ${body !== '' && html`<pre class="message">${body}</pre>`}
          ${trailerList(trailers)}
        </div>
        <span class="end">${commitLink(view.name, commit.sha)}</span>
      </li>`;
  });
  return html`<ul class="box list">${rows}</ul>`;
}

function trailerList(trailers: [string, string][]): Html {
  if (trailers.length === 0) return html``;
  return html`<div class="trailers">${trailers.map(([key, value]) => html`<span class="trailer"><b>${key}</b> ${value}</span>`)}</div>`;
}

const firstLine = (message: string): string => message.split('\n')[0] ?? '';

const isTrailer = (line: string): boolean => /^[A-Z][\w-]*: \S/.test(line);

function parts(message: string) {
  const paragraphs = message.trim().split(/\n{2,}/);
  const subject = paragraphs.shift() ?? '';
  const last = paragraphs.at(-1)?.split('\n') ?? [];
  const hasTrailers = last.length > 0 && last.every(isTrailer);
  if (hasTrailers) paragraphs.pop();
  const trailers = hasTrailers
    ? last.map((line) => line.split(/: (.*)/).slice(0, 2) as [string, string])
    : [];
  return { subject, body: paragraphs.join('\n\n'), trailers };
}

import type { Comment, Commit, Issue } from '../model.ts';
import { type Html, html, type Part } from './html.ts';
import { markdown } from './markdown.ts';
import { act, ago, author, avatar, commitLink, icon, labelBadge, reactionBar } from './pieces.ts';
import { may, type View } from './view.ts';

interface Entry {
  /** Milliseconds. */
  at: number;
  order: number;
  inside: Html;
}

/** The first post, then comments and what happened, in the order of time. */
export async function thread(view: View, issue: Issue, commits: Commit[] = []): Promise<Html> {
  const comments = await view.repository.comments(issue.number);
  const entries: Entry[] = [
    ...comments.map((comment) => ({
      at: Date.parse(comment.created_at),
      order: comment.id,
      inside: commentBox(view, issue, comment),
    })),
    ...happenings(view, issue),
    ...commits.map((commit) => pushed(view, commit)),
  ].toSorted((a, b) => a.at - b.at || a.order - b.order);
  const first = post(view, {
    key: 'first',
    login: issue.user.login,
    at: issue.created_at,
    body: issue.body,
    reactions: { issue: issue.number },
    isAuthor: true,
  });
  return html`<div class="thread" id="thread">${first}${entries.map((entry) => entry.inside)}</div>`;
}

function commentBox(view: View, issue: Issue, comment: Comment): Html {
  const box = post(view, {
    key: `issuecomment-${comment.id}`,
    login: comment.user.login,
    at: comment.created_at,
    edited: comment.updated_at !== comment.created_at,
    body: comment.body,
    reactions: { comment: comment.id },
    isAuthor: comment.user.login === issue.user.login,
  });
  if (comment.minimised === null) return box;
  return html`
    <details class="folded" id="folded-${comment.id}">
      <summary>This comment of <b>${comment.user.login}</b> was marked as ${comment.minimised}.</summary>
      ${box}
    </details>`;
}

interface Post {
  key: string;
  login: string;
  at: string;
  edited?: boolean;
  body: string | null;
  reactions: { issue: number } | { comment: number };
  isAuthor: boolean;
}

function post(view: View, { key, login, at, edited, body, reactions, isAuthor }: Post): Html {
  return html`
    <article class="post" id="${key}">
      ${avatar(login, 'large')}
      <div class="box bubble">
        <div class="box-head">
          ${author(login)} <span class="quiet">commented ${ago(at)}${edited === true && ' · edited'}</span>
          ${isAuthor && html`<span class="tag end">Author</span>`}
        </div>
        <div class="markdown pad">${markdown(body, view.name)}</div>
        ${reactionBar(view.repository.reactions(reactions))}
      </div>
    </article>`;
}

const WORDS: Record<string, string> = {
  closed: 'closed this',
  reopened: 'reopened this',
  labeled: 'added',
  unlabeled: 'removed',
};

function happenings(view: View, issue: Issue): Entry[] {
  const { store } = view.extension.context;
  const repo = store.repos.findOneBy('full_name', view.name);
  return store.issueEvents
    .findBy('repo_id', repo?.id ?? 0)
    .filter((row) => row.issue_number === issue.number && row.event in WORDS)
    .map((row) => {
      const login = store.users.get(row.actor_id)?.login ?? 'ghost';
      const label = store.labels
        .findBy('repo_id', row.repo_id)
        .find((each) => each.name === row.label_name);
      const badge = labelBadge({ name: row.label_name ?? '', color: label?.color ?? 'ededed' });
      const inside = html`
        <div class="happening" id="event-${row.id}">
          ${avatar(login)} ${author(login)} ${WORDS[row.event]}
          ${row.label_name !== null && html`${badge} label`} <span class="quiet">${ago(row.created_at)}</span>
        </div>`;
      return { at: Date.parse(row.created_at), order: row.id, inside };
    });
}

function pushed(view: View, { sha, message, author: name, date }: Commit): Entry {
  const inside = html`
    <div class="happening commit" id="commit-${sha}">
      ${icon('commit')} <a href="/${view.name}/commit/${sha}">${message.split('\n')[0]}</a>
      <span class="quiet">${name}</span> <span class="end">${commitLink(view.name, sha)}</span>
    </div>`;
  return { at: Date.parse(date), order: 0, inside };
}

export function commentForm(view: View, issue: Issue, more: Part = ''): Html {
  const fields = { repository: view.name, number: issue.number };
  return html`
    <div class="post write" id="write">
      ${avatar(view.viewer, 'large')}
      ${act(
        'comment',
        fields,
        html`
          <textarea name="body" id="comment-body" rows="4" required aria-label="Add a comment"
            placeholder="Leave a comment, for example /approve"></textarea>
          <div class="buttons">${more}<button class="primary">Comment</button></div>`,
        'box pad grow',
      )}
    </div>`;
}

export function labelEditor(view: View, issue: Issue): Html {
  const fields = { repository: view.name, number: issue.number };
  const known = view.extension.context.store.labels
    .all()
    .map((label) => label.name)
    .filter((name) => !issue.labels.some((label) => label.name === name));
  const labels = issue.labels.map((label) =>
    may(view, 'triage')
      ? act(
          'unlabel',
          { ...fields, label: label.name },
          html`${labelBadge(label)}<button class="remove" title="Remove ${label.name}">×</button>`,
          'inline',
        )
      : labelBadge(label),
  );
  return html`
    <section class="side">
      <h3>Labels</h3>
      <div class="labels" id="labels">${labels.length > 0 ? labels : html`<span class="quiet">None yet</span>`}</div>
      ${
        may(view, 'triage') &&
        act(
          'label',
          fields,
          html`
            <input name="label" id="new-label" list="known-labels" placeholder="sluice:feature" aria-label="Label" required />
            <datalist id="known-labels">${known.map((name) => html`<option value="${name}"></option>`)}</datalist>
            <button>Add</button>`,
          'inline-form',
        )
      }
    </section>`;
}

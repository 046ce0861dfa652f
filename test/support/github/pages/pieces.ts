import { REACTIONS } from '../extension/reactions.ts';
import type { CheckRun, Label, Pull, ReactionView } from '../model.ts';
import { type Html, html, type Part } from './html.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function ago(iso: string | null, now = Date.now()): Html {
  if (iso === null) return html``;
  const passed = now - Date.parse(iso);
  const words =
    passed < MINUTE
      ? 'just now'
      : passed < HOUR
        ? plural(Math.floor(passed / MINUTE), 'minute', ' ago')
        : passed < DAY
          ? plural(Math.floor(passed / HOUR), 'hour', ' ago')
          : plural(Math.floor(passed / DAY), 'day', ' ago');
  return html`<time datetime="${iso}" title="${iso}">${words}</time>`;
}

export function plural(count: number, word: string, after = ''): string {
  return `${count} ${word}${count === 1 ? '' : 's'}${after}`;
}

export function labelBadge({ name, color }: Pick<Label, 'name' | 'color'>): Html {
  return html`<span class="label" data-colour="${color}" style="--label: #${color}">${name}</span>`;
}

export function avatar(login: string, size: 'small' | 'large' = 'small'): Html {
  return html`<img class="avatar ${size}" src="/avatars/u/${encodeURIComponent(login)}" alt="" />`;
}

export function author(login: string): Html {
  const bot = login.endsWith('[bot]');
  const name = login.replace('[bot]', '');
  return html`<b class="author">${name}</b>${bot && html`<span class="tag">bot</span>`}`;
}

export function reactionBar(reactions: ReactionView[]): Html {
  const counts = Object.entries(REACTIONS).flatMap(([content, sign]) => {
    const people = reactions.filter((each) => each.content === content).map((each) => each.user);
    return people.length === 0
      ? []
      : [html`<span class="reaction" title="${people.join(', ')}">${sign} ${people.length}</span>`];
  });
  return counts.length === 0 ? html`` : html`<div class="reactions">${counts}</div>`;
}

export type State = 'open' | 'closed' | 'draft' | 'merged';

export const pullState = (pull: Pull): State =>
  pull.merged ? 'merged' : pull.state === 'closed' ? 'closed' : pull.draft ? 'draft' : 'open';

export function stateBadge(state: State, kind: 'issue' | 'pull'): Html {
  return html`<span class="state ${state}">${icon(kind, state)} ${state}</span>`;
}

const PATHS = {
  issue: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 6.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Z',
  closed: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm3.3 5-3.8 3.9L5 8',
  pull: 'M4 5.5v5M4 5.5a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5Zm0 8.5a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5Zm8 0a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5Zm0-3.5V6a2 2 0 0 0-2-2H7.5m0 0L9.5 2m-2 2 2 2',
  merged:
    'M4 5.5v5m0-5a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5Zm0 8.5a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5Zm8-3.5a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5ZM4.3 5.5c.5 2.2 2.7 3.3 5.9 3.2',
  repository: 'M3 2.5h10v11H4.5A1.5 1.5 0 0 1 3 12V2.5Zm0 9A1.5 1.5 0 0 1 4.5 10H13',
  file: 'M4 1.75h5l3.25 3.25v9.25H4V1.75ZM9 1.75V5h3.25',
  folder: 'M1.75 3.5h4.5l1.5 1.75h6.5v7.5H1.75V3.5Z',
  commit: 'M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1 8h4.5m5 0H15',
  check: 'm3.5 8.5 3 3 6-7',
} as const;

export function icon(name: keyof typeof PATHS, state?: State): Html {
  const shape =
    state === 'closed' && name === 'issue' ? 'closed' : state === 'merged' ? 'merged' : name;
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="${PATHS[shape]}" /></svg>`;
}

const CONCLUSIONS: Record<string, { sign: string; words: string }> = {
  success: { sign: '✓', words: 'successful' },
  failure: { sign: '✕', words: 'failed' },
  cancelled: { sign: '⊘', words: 'cancelled' },
  timed_out: { sign: '✕', words: 'timed out' },
  action_required: { sign: '!', words: 'waiting for a decision' },
  neutral: { sign: '–', words: 'neutral' },
  skipped: { sign: '–', words: 'skipped' },
  stale: { sign: '–', words: 'stale' },
};

export function checkSign(run: CheckRun): Html {
  if (run.status !== 'completed') {
    const words = run.status === 'queued' ? 'queued' : 'in progress';
    return html`<span class="check-sign ${run.status}" title="${words}"></span>`;
  }
  const { sign, words } = CONCLUSIONS[run.conclusion ?? 'neutral'] ?? { sign: '?', words: '' };
  return html`<span class="check-sign ${run.conclusion}" title="${words}">${sign}</span>`;
}

export function checkWords(run: CheckRun): string {
  if (run.status !== 'completed') return run.status === 'queued' ? 'queued' : 'in progress';
  return CONCLUSIONS[run.conclusion ?? 'neutral']?.words ?? '';
}

/** A form that acts in the viewer's name; its fields say what. */
export function act(
  action: string,
  fields: Record<string, string | number>,
  inside: Part,
  className = '',
): Html {
  const hidden = Object.entries({ action, ...fields }).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<form method="post" action="/_act" class="${className}">${hidden}${inside}</form>`;
}

const shortSha = (sha: string): string => sha.slice(0, 7);

export function commitLink(repository: string, sha: string): Html {
  return html`<a class="sha" href="/${repository}/commit/${sha}"><code>${shortSha(sha)}</code></a>`;
}

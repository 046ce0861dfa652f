import type { Emulation } from '../emulate/load-plugin.ts';
import type { RepoRow } from '../emulate/rows.ts';
import type { Context } from './context.ts';
import type { Events } from './events.ts';
import { refreshPull } from './pull-facts.ts';

type Payload = Record<string, unknown>;

/** Events that our own code sends, completely and from one place; emulate's attempts at them are dropped. */
const OURS = new Set(['push', 'create', 'delete', 'check_suite']);

/** Turns what emulate would have told an app into what GitHub tells it. */
export function translateEvents(emulation: Emulation, context: Context, events: Events): void {
  emulation.webhooks.dispatch = async (event, action, payload, owner, repoName) => {
    const repo = context.repository({ owner, repo: repoName });
    if (repo === undefined || OURS.has(event)) return;
    if (event === 'issue_comment' && action === 'edited') return;
    if (event === 'check_run' && action === 'rerequested') return;
    const told = { ...(payload as Payload) };
    delete told['sender'];
    context.background(translate(context, events, repo, event, action, told));
  };
}

async function translate(
  context: Context,
  events: Events,
  repo: RepoRow,
  event: string,
  action: string | undefined,
  payload: Payload,
): Promise<void> {
  if (event === 'issues' && (action === 'labeled' || action === 'unlabeled')) {
    return labelEvent(context, events, repo, payload);
  }
  if (event === 'issues' && action === 'opened') {
    await events.emit(event, payload, repo);
    for (const label of (payload['issue'] as { labels: unknown[] }).labels) {
      await events.emit('issues', { ...payload, action: 'labeled', label }, repo);
    }
    return;
  }
  if (event === 'pull_request') {
    const { number } = payload['pull_request'] as { number: number };
    if (action === 'opened') await refreshPull(context, repo, number);
    const pull_request = await context.core('GET', `/repos/${repo.full_name}/pulls/${number}`);
    return events.emit(event, { ...payload, number, pull_request }, repo);
  }
  return events.emit(event, payload, repo);
}

/** emulate sends a stub of the label and, for pull requests, the wrong event. */
async function labelEvent(context: Context, events: Events, repo: RepoRow, payload: Payload) {
  const { name } = payload['label'] as { name: string };
  const labels = await context.core<{ name: string }[]>(
    'GET',
    `/repos/${repo.full_name}/labels?per_page=100`,
  );
  const label = labels.find((each) => each.name === name) ?? payload['label'];
  const subject = payload['issue'] as { number: number; head?: unknown };
  if (subject.head === undefined) return events.emit('issues', { ...payload, label }, repo);
  const { issue: _issue, ...rest } = payload;
  const { number } = subject;
  const told = { ...rest, number, pull_request: subject, label };
  return events.emit('pull_request', told, repo);
}

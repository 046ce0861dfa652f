import type { Context } from './context.ts';
import { appOfBot, simpleApp, simpleUser } from './people.ts';
import type { Reactions } from './reactions.ts';

type Thing = Record<string, unknown>;

/**
 * Completes what emulate leaves out of issues, comments, pull requests and check runs, wherever they stand: in an answer
 * or in a webhook's payload. Returns a copy.
 */
export function dresser(context: Context, reactions: Reactions) {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    const copy: Thing = {};
    for (const [key, part] of Object.entries(value)) copy[key] = visit(part);
    return dressed(context, reactions, copy);
  };
  return <T>(value: T): T => visit(value) as T;
}

function dressed(context: Context, reactions: Reactions, thing: Thing): Thing {
  if (isIssue(thing)) return { ...thing, ...issueExtras(context, reactions, thing) };
  if (isIssueComment(thing)) return { ...thing, ...authoredExtras(context, reactions, thing) };
  if (isCheckRun(thing)) return { ...thing, ...checkRunExtras(context, thing) };
  if (isCheckSuite(thing)) return { ...thing, ...checkSuiteExtras(context, thing) };
  if (isBot(thing)) return { ...thing, ...botExtras(context, thing) };
  return thing;
}

const isIssue = (thing: Thing) => 'timeline_url' in thing && 'number' in thing;
const isIssueComment = (thing: Thing) =>
  'issue_url' in thing && 'body' in thing && !('head' in thing);
const isCheckRun = (thing: Thing) => 'check_suite' in thing && 'output' in thing;
const isCheckSuite = (thing: Thing) => 'head_branch' in thing && 'before' in thing;
const isBot = (thing: Thing) => thing['type'] === 'Bot' && typeof thing['login'] === 'string';

function authoredExtras(context: Context, reactions: Reactions, thing: Thing): Thing {
  const login = (thing['user'] as { login?: string } | null)?.login ?? '';
  const app = appOfBot(context, login);
  return {
    reactions: reactions.rollup(String(thing['node_id']), `${String(thing['url'])}/reactions`),
    performed_via_github_app: app === undefined ? null : simpleApp(context, app),
  };
}

function issueExtras(context: Context, reactions: Reactions, thing: Thing): Thing {
  const extras = authoredExtras(context, reactions, thing);
  const row = context.store.issues.get(Number(thing['id']));
  if (row?.is_pull_request !== true) return extras;
  const pull = context.store.pullRequests
    .findBy('repo_id', row.repo_id)
    .find((each) => each.number === row.number);
  const url = String(thing['url']).replace('/issues/', '/pulls/');
  const page = String(thing['html_url']).replace(/\/issues\/(\d+)$/, '/pull/$1');
  return {
    ...extras,
    html_url: page,
    draft: pull?.draft ?? false,
    pull_request: {
      url,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: pull?.merged_at ?? null,
    },
  };
}

function checkRunExtras(context: Context, thing: Thing): Thing {
  const row = context.store.checkRuns.get(Number(thing['id']));
  const app = row?.app_id == null ? undefined : context.app(row.app_id);
  if (row === undefined) return {};
  const repo = context.store.repos.get(row.repo_id);
  const output = thing['output'] as Thing;
  return {
    app: app === undefined ? null : simpleApp(context, app),
    pull_requests: pullsAt(context, row.repo_id, row.head_sha),
    output: { ...output, annotations_url: `${String(thing['url'])}/annotations` },
    html_url: `${context.baseUrl}/${repo?.full_name}/runs/${row.id}`,
  };
}

function checkSuiteExtras(context: Context, thing: Thing): Thing {
  const row = context.store.checkSuites.get(Number(thing['id']));
  const app = row?.app_id == null ? undefined : context.app(row.app_id);
  if (row === undefined) return {};
  return {
    app: app === undefined ? null : simpleApp(context, app),
    pull_requests: pullsAt(context, row.repo_id, row.head_sha),
  };
}

function pullsAt(context: Context, repoId: number, sha: string) {
  const api = `${context.baseUrl}/repos/${context.store.repos.get(repoId)?.full_name}`;
  const repo = { id: repoId, url: api, name: context.store.repos.get(repoId)?.name };
  return context.store.pullRequests
    .findBy('repo_id', repoId)
    .filter((pull) => pull.state === 'open' && pull.head_sha === sha)
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${api}/pulls/${pull.number}`,
      head: { ref: pull.head_ref, sha: pull.head_sha, repo },
      base: { ref: pull.base_ref, sha: pull.base_sha, repo },
    }));
}

function botExtras(context: Context, thing: Thing): Thing {
  const user = context.user(String(thing['login']));
  return user === undefined ? {} : { html_url: simpleUser(context, user).html_url };
}

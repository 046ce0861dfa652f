import type { CheckAction, CheckRunRow, RepoRow } from '../emulate/rows.ts';
import { checkRunProblem } from './check-run-limits.ts';
import type { Context } from './context.ts';
import type { Events } from './events.ts';
import {
  type ApiRequest,
  type ApiResponse,
  fields,
  notFound,
  pageOf,
  problem,
  reply,
} from './http.ts';
import { callerUser } from './people.ts';
import { callerRole } from './roles.ts';

/** The buttons of check runs, which emulate does not keep. */
export type Buttons = Map<number, CheckAction[]>;

const ONE = '/repos/:owner/:repo/check-runs/:id';

export function routeCheckRuns(context: Context, events: Events, buttons: Buttons): void {
  const { routes } = context;

  routes.on('POST', '/repos/:owner/:repo/check-runs', async (request, next) => {
    const repo = context.repository(request.params);
    const refused = checkRunProblem(fields(request)) ?? unknownCommit(context, repo, request);
    if (refused !== null) return refused;
    const answer = await next(withAppAndStatus(request));
    if (answer.status === 201) remember(buttons, answer, request);
    return answer;
  });

  routes.on('PATCH', ONE, async (request, next) => {
    const refused = checkRunProblem(fields(request));
    if (refused !== null) return refused;
    const previous = context.store.checkRuns.get(Number(request.params['id']));
    if (previous !== undefined && previous.app_id !== request.caller.appId) {
      return problem(403, 'Invalid app_id for check run');
    }
    const answer = await next(withAppAndStatus(request));
    if (answer.status !== 200 || previous === undefined) return answer;
    remember(buttons, answer, request);
    keepAnnotations(context, previous, request);
    return reply(await context.core('GET', request.url.pathname));
  });

  routes.on('GET', '/repos/:owner/:repo/commits/:ref+/check-runs', (request) =>
    listForRef(context, request),
  );

  routes.on('POST', `${ONE}/rerequest`, async (request) => {
    const found = runOf(context, request);
    if (found === null) return notFound();
    await tell(context, events, found, { action: 'rerequested' });
    return reply({}, 201);
  });

  // No API of GitHub's: what its page does when somebody presses a button of a check run.
  routes.on('POST', `${ONE}/actions/:identifier`, async (request) => {
    const found = runOf(context, request);
    if (found === null) return notFound();
    const { identifier } = request.params;
    const known = buttons.get(found.run.id)?.some((each) => each.identifier === identifier);
    if (found.run.status !== 'completed' || known !== true) {
      return problem(422, `Check run ${found.run.id} shows no button "${identifier}"`);
    }
    const requested_action = { identifier };
    await tell(context, events, found, { action: 'requested_action', requested_action });
    return reply({}, 202);
  });
}

/** A conclusion completes a run, on GitHub as here. */
function withAppAndStatus(request: ApiRequest): ApiRequest {
  const body = fields(request);
  const completed = body['conclusion'] != null && body['status'] === undefined;
  return {
    ...request,
    body: { ...body, app_id: request.caller.appId, ...(completed && { status: 'completed' }) },
  };
}

function unknownCommit(
  context: Context,
  repo: RepoRow | undefined,
  request: ApiRequest,
): ApiResponse | null {
  if (repo === undefined) return notFound();
  const sha = String(fields(request)['head_sha']);
  const known = context.hasCommit(repo.id, sha);
  return known ? null : problem(422, `No commit found for SHA: ${sha}`);
}

function remember(buttons: Buttons, answer: ApiResponse, request: ApiRequest): void {
  const { actions } = fields(request);
  const { id } = answer.body as { id: number };
  if (Array.isArray(actions)) buttons.set(id, actions as CheckAction[]);
}

/** Annotations of an update come on top; emulate would replace them. */
function keepAnnotations(context: Context, previous: CheckRunRow, request: ApiRequest): void {
  const { output } = fields(request);
  const row = context.store.checkRuns.get(previous.id);
  if (row === undefined || typeof output !== 'object') return;
  const annotations = [...previous.output.annotations, ...row.output.annotations];
  const annotations_count = annotations.length;
  context.store.checkRuns.update(row.id, {
    output: { ...row.output, annotations, annotations_count },
  });
}

async function listForRef(context: Context, request: ApiRequest): Promise<ApiResponse> {
  const { owner, repo: name, ref = '' } = request.params;
  const repo = context.repository(request.params);
  if (repo === undefined) return notFound();
  const base = `/repos/${owner}/${name}`;
  const commit = await context
    .core<{ sha: string }>('GET', `${base}/commits/${ref}`)
    .catch(() => null);
  if (commit === null) return problem(422, `No commit found for SHA: ${ref}`);
  const query = request.url.searchParams;
  const wanted = (key: string, value: unknown) =>
    query.get(key) === null || query.get(key) === String(value);
  const runs = context.store.checkRuns
    .findBy('repo_id', repo.id)
    .filter((run) => run.head_sha === commit.sha)
    .filter((run) => wanted('check_name', run.name) && wanted('status', run.status))
    .filter((run) => wanted('app_id', run.app_id))
    .toSorted((a, b) => b.id - a.id);
  const newest = query.get('filter') === 'all' ? runs : newestPerName(runs);
  const { slice, headers } = pageOf(request, newest);
  const check_runs = await Promise.all(
    slice.map((run) => context.core('GET', `${base}/check-runs/${run.id}`)),
  );
  return reply({ total_count: newest.length, check_runs }, 200, headers);
}

function newestPerName(runs: CheckRunRow[]): CheckRunRow[] {
  return runs.filter(
    (run, index) =>
      runs.findIndex((each) => each.name === run.name && each.app_id === run.app_id) === index,
  );
}

function runOf(context: Context, request: ApiRequest): { repo: RepoRow; run: CheckRunRow } | null {
  const repo = context.repository(request.params);
  const run = context.store.checkRuns.get(Number(request.params['id']));
  const signedIn = callerUser(context, request.caller) !== undefined;
  if (repo === undefined || run?.repo_id !== repo.id || !signedIn) return null;
  return callerRole(context, repo, request.caller) === 'none' ? null : { repo, run };
}

async function tell(
  context: Context,
  events: Events,
  { repo, run }: { repo: RepoRow; run: CheckRunRow },
  what: Record<string, unknown>,
): Promise<void> {
  const check_run = await context.core('GET', `/repos/${repo.full_name}/check-runs/${run.id}`);
  await events.emit('check_run', { ...what, check_run }, repo);
}

import type { RepoRow } from '../emulate/rows.ts';
import type { Context } from './context.ts';
import type { Events } from './events.ts';
import { notFound, reply } from './http.ts';
import { callerUser } from './people.ts';

/** Nothing changes in the checks themselves when somebody asks for all of them again: that is the app's to do. */
export function routeCheckSuites(context: Context, events: Events): void {
  const path = '/repos/:owner/:repo/check-suites/:id/rerequest';
  context.routes.on('POST', path, async (request) => {
    const repo = context.repository(request.params);
    const suite = context.store.checkSuites.get(Number(request.params['id']));
    const signedIn = callerUser(context, request.caller) !== undefined;
    if (repo === undefined || suite?.repo_id !== repo.id || !signedIn) return notFound();
    const at = `/repos/${repo.full_name}/check-suites/${suite.id}`;
    const check_suite = await context.core('GET', at);
    await events.emit('check_suite', { action: 'rerequested', check_suite }, repo);
    return reply({}, 201);
  });
}

/** GitHub opens a check suite for every pushed head and asks the apps that may write checks. */
export async function requestCheckSuite(
  context: Context,
  events: Events,
  repo: RepoRow,
  branch: string,
  before: string,
  after: string,
): Promise<void> {
  const { checkSuites } = context.store;
  const app = context.store.apps.all().find((each) => each.permissions['checks'] === 'write');
  if (app === undefined) return;
  const known = checkSuites.findBy('repo_id', repo.id).find((each) => each.head_sha === after);
  const suite =
    known ??
    checkSuites.insert({
      node_id: '',
      repo_id: repo.id,
      head_branch: branch,
      head_sha: after,
      status: 'queued',
      conclusion: null,
      before,
      after,
      app_id: app.app_id,
    });
  const node_id = Buffer.from(`0:CheckSuite${suite.id}`).toString('base64').replace(/=+$/, '');
  checkSuites.update(suite.id, { node_id, app_id: app.app_id });
  const check_suite = await context.core(
    'GET',
    `/repos/${repo.full_name}/check-suites/${suite.id}`,
  );
  await events.emit('check_suite', { action: 'requested', check_suite }, repo);
}

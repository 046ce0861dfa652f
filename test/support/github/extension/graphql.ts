import type { PullRow } from '../emulate/rows.ts';
import type { Context } from './context.ts';
import type { Events } from './events.ts';
import { type Mutation, parseMutation } from './graphql-input.ts';
import { type ApiRequest, type ApiResponse, fields, problem, reply } from './http.ts';
import { callerUser } from './people.ts';
import type { REACTIONS, Reactions } from './reactions.ts';
import { atLeast, callerRole, grants } from './roles.ts';

const REASONS = ['SPAM', 'ABUSE', 'OFF_TOPIC', 'OUTDATED', 'DUPLICATE', 'RESOLVED', 'LOW_QUALITY'];

/** Why a comment is folded, by its node id. */
export type Minimised = Map<string, string>;

/** The mutations an app needs that REST does not have. Any other document is an error and a violation. */
export function routeGraphql(
  context: Context,
  events: Events,
  { minimised, reactions }: { minimised: Minimised; reactions: Reactions },
): void {
  context.routes.on('POST', '/graphql', async (request): Promise<ApiResponse> => {
    if (request.caller.kind === 'anonymous') return problem(401, 'Requires authentication');
    const { query, variables } = fields(request);
    const mutation = parseMutation(String(query), (variables ?? {}) as Record<string, unknown>);
    if (mutation === null) return unknown(context, query);
    switch (mutation.name) {
      case 'markPullRequestReadyForReview':
        return setDraft(context, events, request, mutation, false);
      case 'convertPullRequestToDraft':
        return setDraft(context, events, request, mutation, true);
      case 'minimizeComment':
      case 'unminimizeComment':
        return setMinimised(context, minimised, request, mutation);
      case 'addReaction':
        return react(context, reactions, request, mutation);
      default:
        return unknown(context, query);
    }
  });
}

const failed = (type: string, message: string) =>
  reply({ data: null, errors: [{ type, message }] });
const unresolved = (id: unknown) =>
  failed('NOT_FOUND', `Could not resolve to a node with the global id of '${String(id)}'`);

function unknown(context: Context, query: unknown): ApiResponse {
  const shown = String(query).slice(0, 200);
  context.violations.push(`GraphQL not known to the local GitHub: ${shown}`);
  return failed('NOT_IMPLEMENTED', `The local GitHub does not know: ${shown}`);
}

async function setDraft(
  context: Context,
  events: Events,
  request: ApiRequest,
  { name, input }: Mutation,
  draft: boolean,
): Promise<ApiResponse> {
  const id = input['pullRequestId'];
  const pull = context.store.pullRequests.all().find((each) => each.node_id === id);
  const repo = pull && context.store.repos.get(pull.repo_id);
  if (pull === undefined || repo === undefined) return unresolved(id);
  if (!mayWrite(context, request, repo.id, 'pull_requests'))
    return failed('FORBIDDEN', 'Resource not accessible by integration');
  if (pull.draft !== draft) {
    context.store.pullRequests.update(pull.id, { draft });
    const path = `/repos/${repo.full_name}/pulls/${pull.number}`;
    const pull_request = await context.core('GET', path);
    const action = draft ? 'converted_to_draft' : 'ready_for_review';
    await events.emit('pull_request', { action, number: pull.number, pull_request }, repo);
  }
  const pullRequest = { ...viewOf(context.store.pullRequests.get(pull.id) ?? pull) };
  return reply({ data: { [name]: { pullRequest, clientMutationId: null } } });
}

function viewOf({ node_id, number, draft, state, merged }: PullRow) {
  const shown = merged ? 'MERGED' : state.toUpperCase();
  return { id: node_id, number, isDraft: draft, state: shown };
}

function setMinimised(
  context: Context,
  minimised: Minimised,
  request: ApiRequest,
  { name, input }: Mutation,
): ApiResponse {
  const id = String(input['subjectId']);
  const comment = context.store.comments.all().find((each) => each.node_id === id);
  if (comment === undefined) return unresolved(id);
  if (!mayWrite(context, request, comment.repo_id, 'issues'))
    return failed('FORBIDDEN', 'Resource not accessible by integration');
  const reason = String(input['classifier']);
  const folding = name === 'minimizeComment';
  if (folding && !REASONS.includes(reason)) {
    return failed('UNPROCESSABLE', `Argument 'classifier' has an invalid value (${reason}).`);
  }
  if (folding) minimised.set(id, reason.toLowerCase());
  else minimised.delete(id);
  const shown = { isMinimized: folding, minimizedReason: minimised.get(id) ?? null };
  const key = folding ? 'minimizedComment' : 'unminimizedComment';
  return reply({ data: { [name]: { [key]: { id, ...shown }, clientMutationId: null } } });
}

/** On a review or a comment in one; the rest goes through REST. */
function react(
  context: Context,
  reactions: Reactions,
  request: ApiRequest,
  { name, input }: Mutation,
): ApiResponse {
  const id = String(input['subjectId']);
  const { reviews, comments } = context.store;
  const subject = [...reviews.all(), ...comments.all()].find((each) => each.node_id === id);
  const user = callerUser(context, request.caller);
  if (subject === undefined || user === undefined) return unresolved(id);
  if (!mayWrite(context, request, subject.repo_id, 'pull_requests'))
    return failed('FORBIDDEN', 'Resource not accessible by integration');
  const content = CONTENTS[String(input['content'])];
  if (content === undefined) return failed('UNPROCESSABLE', 'Argument "content" is invalid.');
  reactions.add(id, content, user.login);
  return reply({ data: { [name]: { clientMutationId: null } } });
}

const CONTENTS: Readonly<Record<string, keyof typeof REACTIONS>> = {
  THUMBS_UP: '+1',
  THUMBS_DOWN: '-1',
  CONFUSED: 'confused',
  HOORAY: 'hooray',
  ROCKET: 'rocket',
  EYES: 'eyes',
};

function mayWrite(
  context: Context,
  { caller }: ApiRequest,
  repoId: number,
  permission: string,
): boolean {
  const repo = context.store.repos.get(repoId);
  if (repo === undefined) return false;
  if (caller.kind === 'installation') {
    return (
      grants(repo, caller, permission, 'write') || grants(repo, caller, 'pull_requests', 'write')
    );
  }
  return atLeast(callerRole(context, repo, caller), 'write');
}

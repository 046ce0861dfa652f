import type { Context } from './context.ts';
import {
  type ApiRequest,
  fields,
  forbidden,
  invalid,
  noContent,
  notFound,
  paged,
  problem,
  reply,
} from './http.ts';
import { callerUser, simpleUser } from './people.ts';
import { atLeast, callerRole } from './roles.ts';

export const REACTIONS = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  hooray: '🎉',
  confused: '😕',
  heart: '❤️',
  rocket: '🚀',
  eyes: '👀',
} as const;
type Content = keyof typeof REACTIONS;

export interface Reaction {
  id: number;
  content: Content;
  login: string;
  createdAt: string;
}

/** Reactions by the node id of the issue or comment they stand on. */
export class Reactions {
  readonly #byNode = new Map<string, Reaction[]>();
  #lastId = 0;

  of(nodeId: string): Reaction[] {
    return this.#byNode.get(nodeId) ?? [];
  }

  /** Adds one, or finds the one this person has already left. */
  add(nodeId: string, content: Content, login: string): { reaction: Reaction; isNew: boolean } {
    const known = this.of(nodeId).find((each) => each.login === login && each.content === content);
    if (known !== undefined) return { reaction: known, isNew: false };
    this.#lastId += 1;
    const createdAt = new Date().toISOString();
    const reaction = { id: this.#lastId, content, login, createdAt };
    this.#byNode.set(nodeId, [...this.of(nodeId), reaction]);
    return { reaction, isNew: true };
  }

  remove(nodeId: string, id: number): boolean {
    const kept = this.of(nodeId).filter((each) => each.id !== id);
    const removed = kept.length < this.of(nodeId).length;
    this.#byNode.set(nodeId, kept);
    return removed;
  }

  rollup(nodeId: string, url: string) {
    const counts = Object.keys(REACTIONS).map((content) => [
      content,
      this.of(nodeId).filter((each) => each.content === content).length,
    ]);
    return { url, total_count: this.of(nodeId).length, ...Object.fromEntries(counts) };
  }
}

export function routeReactions(context: Context, reactions: Reactions): void {
  const issueNode = ({ params }: ApiRequest) => {
    const repo = context.repository(params);
    const rows = repo === undefined ? [] : context.store.issues.findBy('repo_id', repo.id);
    return rows.find((issue) => issue.number === Number(params['number']))?.node_id;
  };
  const commentNode = ({ params }: ApiRequest) => {
    const repo = context.repository(params);
    const comment = context.store.comments.get(Number(params['id']));
    return comment !== undefined && comment.repo_id === repo?.id ? comment.node_id : undefined;
  };
  for (const [path, nodeOf] of [
    ['/repos/:owner/:repo/issues/comments/:id/reactions', commentNode],
    ['/repos/:owner/:repo/issues/:number/reactions', issueNode],
  ] as const) {
    routeOne(context, reactions, path, nodeOf);
  }
}

function routeOne(
  context: Context,
  reactions: Reactions,
  path: string,
  nodeOf: (request: ApiRequest) => string | undefined,
): void {
  const render = (reaction: Reaction) => {
    const user = context.user(reaction.login);
    return {
      id: reaction.id,
      node_id: Buffer.from(`0:Reaction${reaction.id}`).toString('base64').replace(/=+$/, ''),
      user: user === undefined ? null : simpleUser(context, user),
      content: reaction.content,
      created_at: reaction.createdAt,
    };
  };

  context.routes.on('GET', path, (request) => {
    const node = nodeOf(request);
    if (node === undefined) return notFound();
    const content = request.url.searchParams.get('content');
    const shown = reactions.of(node).filter((each) => content === null || each.content === content);
    return paged(request, shown, render);
  });

  context.routes.on('POST', path, (request) => {
    const node = nodeOf(request);
    const user = callerUser(context, request.caller);
    if (user === undefined) return problem(401, 'Requires authentication');
    if (node === undefined) return notFound();
    const { content } = fields(request);
    if (typeof content !== 'string' || !(content in REACTIONS)) {
      return invalid({ resource: 'Reaction', code: 'invalid', field: 'content' });
    }
    const { reaction, isNew } = reactions.add(node, content as Content, user.login);
    return reply(render(reaction), isNew ? 201 : 200);
  });

  context.routes.on('DELETE', `${path}/:reaction`, (request) => {
    const node = nodeOf(request);
    const id = Number(request.params['reaction']);
    const reaction = node === undefined ? undefined : reactions.of(node).find((r) => r.id === id);
    const repo = context.repository(request.params);
    if (node === undefined || reaction === undefined || repo === undefined) return notFound();
    const own = callerUser(context, request.caller)?.login === reaction.login;
    if (!own && !atLeast(callerRole(context, repo, request.caller), 'write')) return forbidden();
    reactions.remove(node, id);
    return noContent();
  });
}

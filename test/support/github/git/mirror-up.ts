import type { RepoRow } from '../emulate/rows.ts';
import { type Context, CoreError } from '../extension/context.ts';
import type { Caller } from '../extension/http.ts';
import { type Refs, readRefs } from './bare-repositories.ts';
import { git, gitLines } from './git.ts';
import { type GitObject, parseCommit, parseTree, readObjects } from './objects.ts';

const BLOBS_AT_ONCE = 16;

/**
 * Tells the API what a push changed in the bare repository. Refs move in the pusher's name; one that the API refuses is
 * put back, and named with the reason in what is returned.
 */
export async function mirrorUp(
  context: Context,
  repo: RepoRow,
  dir: string,
  was: Refs,
  pusher: Caller,
): Promise<Map<string, string>> {
  const now = await readRefs(dir);
  const refused = new Map<string, string>();
  const names = new Set([...was.keys(), ...now.keys()]);
  for (const ref of names) {
    const before = was.get(ref);
    const after = now.get(ref);
    if (before === after) continue;
    try {
      if (after !== undefined) await mirrorObjects(context, repo, dir, after, [...was.values()]);
      await moveRef(context, repo, ref, before, after, pusher);
    } catch (error) {
      refused.set(ref, reasonOf(error));
      if (before === undefined) await git(dir, ['update-ref', '-d', ref]);
      else await git(dir, ['update-ref', ref, before]);
    }
  }
  return refused;
}

/** Posts the objects a commit needs and the API does not have yet, checking that it names them as git does. */
export async function mirrorObjects(
  context: Context,
  repo: RepoRow,
  dir: string,
  tip: string,
  known: string[],
): Promise<void> {
  const present = known.filter((sha) => context.hasCommit(repo.id, sha));
  const range = [tip, '--not', ...present];
  const ids = await gitLines(dir, ['rev-list', '--objects', '--no-object-names', ...range]);
  if (ids.length === 0) return;
  const poster = new ObjectPoster(context, repo, await readObjects(dir, ids));
  await poster.blobs();
  for (const sha of await gitLines(dir, ['rev-list', '--topo-order', '--reverse', ...range])) {
    await poster.commit(sha);
  }
}

class ObjectPoster {
  readonly #context: Context;
  readonly #at: string;
  readonly #objects: Map<string, GitObject>;
  readonly #posted = new Set<string>();

  constructor(context: Context, repo: RepoRow, objects: Map<string, GitObject>) {
    this.#context = context;
    this.#at = `/repos/${repo.full_name}/git`;
    this.#objects = objects;
  }

  async blobs(): Promise<void> {
    const blobs = [...this.#objects].filter(([, object]) => object.type === 'blob');
    for (let at = 0; at < blobs.length; at += BLOBS_AT_ONCE) {
      const some = blobs.slice(at, at + BLOBS_AT_ONCE);
      await Promise.all(some.map(([sha, { data }]) => this.#blob(sha, data)));
    }
  }

  async commit(sha: string): Promise<void> {
    const object = this.#objects.get(sha);
    if (object?.type !== 'commit') throw new Refused('only commits can be pushed here');
    const { extra, ...commit } = parseCommit(object.data);
    if (extra.length > 0) throw new Refused('signed commits cannot be kept by the local GitHub');
    await this.#tree(commit.tree);
    await this.#post('commits', commit, sha);
  }

  #blob(sha: string, data: Buffer): Promise<void> {
    return this.#post('blobs', { content: data.toString('base64'), encoding: 'base64' }, sha);
  }

  async #tree(sha: string): Promise<void> {
    const object = this.#objects.get(sha);
    if (object === undefined || this.#posted.has(sha)) return;
    this.#posted.add(sha);
    const tree = parseTree(object.data);
    for (const entry of tree) if (entry.type === 'tree') await this.#tree(entry.sha);
    await this.#post('trees', { tree }, sha);
  }

  async #post(kind: string, body: unknown, sha: string): Promise<void> {
    const { sha: named } = await this.#context.core<{ sha: string }>(
      'POST',
      `${this.#at}/${kind}`,
      body,
    );
    if (named !== sha) throw new Refused(`the local GitHub cannot keep ${sha} unchanged`);
  }
}

async function moveRef(
  context: Context,
  repo: RepoRow,
  ref: string,
  before: string | undefined,
  after: string | undefined,
  pusher: Caller,
): Promise<void> {
  const at = `/repos/${repo.full_name}/git/refs`;
  const own = `${at}/${ref.slice('refs/'.length)}`;
  if (after === undefined) await context.core('DELETE', own, undefined, pusher);
  else if (before === undefined) await context.core('POST', at, { ref, sha: after }, pusher);
  else await context.core('PATCH', own, { sha: after, force: true }, pusher);
}

class Refused extends Error {}

function reasonOf(error: unknown): string {
  if (error instanceof CoreError && error.status === 409) return 'protected branch hook declined';
  if (error instanceof CoreError) return error.reason || `refused with ${error.status}`;
  return error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
}

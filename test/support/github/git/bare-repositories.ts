import { access, appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepoRow } from '../emulate/rows.ts';
import { git, gitLines } from './git.ts';

/** Pushes are judged by token, not by git; pull request heads are for fetching only. */
const SERVER_CONFIG = `[http]
\treceivepack = true
[receive]
\tdenyDeleteCurrent = warn
\thideRefs = refs/pull
[uploadpack]
\tallowAnySHA1InWant = true
\tallowFilter = true
[gc]
\tauto = 0
`;

export type Refs = Map<string, string>;

/** The real bare repositories behind the API's, and one lock for each. */
export class BareRepositories {
  readonly root: string;
  readonly #locks = new Map<string, Promise<unknown>>();
  readonly #created = new Map<string, Promise<string>>();

  constructor(root: string) {
    this.root = root;
  }

  /** Runs one after the other what concerns one repository. */
  async locked<T>(repo: RepoRow, act: (dir: string) => Promise<T>): Promise<T> {
    const before = this.#locks.get(repo.full_name) ?? Promise.resolve();
    const work = before.then(async () => act(await this.#open(repo)));
    this.#locks.set(
      repo.full_name,
      work.catch(() => undefined),
    );
    return work;
  }

  #open(repo: RepoRow): Promise<string> {
    const known = this.#created.get(repo.full_name) ?? this.#create(repo);
    this.#created.set(repo.full_name, known);
    return known;
  }

  async #create(repo: RepoRow): Promise<string> {
    const dir = join(this.root, `${repo.full_name}.git`);
    const exists = await access(join(dir, 'HEAD')).then(
      () => true,
      () => false,
    );
    if (exists) return dir;
    await mkdir(dir, { recursive: true });
    await git(dir, ['init', '-q', '--bare', '-b', repo.default_branch]);
    await appendFile(join(dir, 'config'), SERVER_CONFIG);
    return dir;
  }
}

/** Branches and tags with the objects they name. */
export async function readRefs(dir: string): Promise<Refs> {
  const format = '--format=%(refname) %(objectname)';
  const lines = await gitLines(dir, ['for-each-ref', format, 'refs/heads', 'refs/tags']);
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}

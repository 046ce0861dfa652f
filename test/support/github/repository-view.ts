import { CoreError } from './extension/context.ts';
import type { Extension } from './extension/extension.ts';
import { asIssue, labelsOf } from './extension/issues.ts';
import { type ComparedCommit, changesOf } from './extension/pull-facts.ts';
import type { CheckRun, Comment, Commit, Issue, Pull, ReactionView } from './model.ts';

/** What was asked for does not exist. */
export class NotThere extends Error {}

/** Reads one repository as it stands, past tokens, limits and logs; for assertions and pages. */
export class RepositoryView {
  readonly fullName: string;
  readonly #extension: Extension;

  constructor(extension: Extension, fullName: string) {
    this.#extension = extension;
    this.fullName = fullName;
  }

  issues(): Issue[] {
    return this.#issueRows()
      .filter((row) => !row.is_pull_request)
      .map((row) => this.#issueOf(row));
  }

  /** An issue or, seen as one, a pull request. */
  issue(number: number): Issue {
    const row = this.#issueRows().find((each) => each.number === number);
    if (row === undefined) throw new NotThere(`${this.fullName} has no issue ${number}`);
    return this.#issueOf(row);
  }

  labels(number: number): string[] {
    return this.issue(number).labels.map((label) => label.name);
  }

  async comments(number: number): Promise<Comment[]> {
    const { context, minimised } = this.#extension;
    const rows = context.store.comments
      .findBy('repo_id', this.#repo.id)
      .filter((row) => row.comment_type === 'issue' && row.issue_number === number)
      .toSorted((a, b) => a.id - b.id);
    return Promise.all(
      rows.map(async (row) => {
        const comment = await this.#get<Comment>(`/issues/comments/${row.id}`);
        return { ...comment, minimised: minimised.get(row.node_id) ?? null };
      }),
    );
  }

  reactions(subject: { issue: number } | { comment: number } | { node: string }): ReactionView[] {
    const { store } = this.#extension.context;
    const nodeOf = () => {
      if ('node' in subject) return subject.node;
      if ('issue' in subject) return this.issue(subject.issue).node_id;
      return store.comments.get(subject.comment)?.node_id ?? '';
    };
    const node = nodeOf();
    return this.#extension.reactions
      .of(node)
      .map(({ content, login }) => ({ content, user: login }));
  }

  async pulls(): Promise<Pull[]> {
    const rows = this.#extension.context.store.pullRequests.findBy('repo_id', this.#repo.id);
    return Promise.all(rows.map((row) => this.pull(row.number)));
  }

  pull(number: number): Promise<Pull> {
    return this.#get(`/pulls/${number}`);
  }

  async changes(number: number) {
    const { context } = this.#extension;
    const rows = context.store.pullRequests.findBy('repo_id', this.#repo.id);
    const row = rows.find((each) => each.number === number);
    if (row === undefined) throw new NotThere(`${this.fullName} has no pull request ${number}`);
    const { files, commits } = await changesOf(context, this.#repo, row);
    return { files, commits: commits.map(commitOf) };
  }

  /** Newest last; `ref` is a branch or a SHA. Without it, all. */
  async checkRuns(ref?: string): Promise<CheckRun[]> {
    const sha = ref === undefined ? undefined : await this.sha(ref);
    const rows = this.#extension.context.store.checkRuns
      .findBy('repo_id', this.#repo.id)
      .filter((row) => sha === undefined || row.head_sha === sha);
    return Promise.all(rows.map((row) => this.checkRun(row.id)));
  }

  async checkRun(id: number): Promise<CheckRun> {
    const run = await this.#get<CheckRun>(`/check-runs/${id}`);
    return { ...run, actions: this.#extension.buttons.get(id) ?? [] };
  }

  branches(): string[] {
    const rows = this.#extension.context.store.refs.findBy('repo_id', this.#repo.id);
    return rows
      .filter((row) => row.ref.startsWith('refs/heads/'))
      .map((row) => row.ref.slice('refs/heads/'.length))
      .toSorted();
  }

  /** Newest first. */
  async commits(branch: string): Promise<Commit[]> {
    const list = await this.#get<ComparedCommit[]>(
      `/commits?per_page=100&sha=${encodeURIComponent(branch)}`,
    );
    return list.map(commitOf);
  }

  async sha(ref: string): Promise<string> {
    return (await this.#get<{ sha: string }>(`/commits/${ref}`)).sha;
  }

  /** The text of a file, or null. */
  async fileAt(ref: string, path: string): Promise<string | null> {
    try {
      const at = `/contents/${path}?ref=${encodeURIComponent(ref)}`;
      const { content } = await this.#get<{ content: string }>(at);
      return Buffer.from(content, 'base64').toString();
    } catch (error) {
      if (error instanceof CoreError && error.status === 404) return null;
      throw error;
    }
  }

  get #repo() {
    const [owner = '', repo = ''] = this.fullName.split('/');
    const found = this.#extension.context.repository({ owner, repo });
    if (found === undefined) throw new Error(`no repository ${this.fullName}`);
    return found;
  }

  #issueRows() {
    return this.#extension.context.store.issues.findBy('repo_id', this.#repo.id);
  }

  #issueOf(row: Parameters<typeof asIssue>[2]): Issue {
    const { context } = this.#extension;
    const issue = asIssue(context, this.#repo, row);
    return { ...issue, labels: labelsOf(context, this.#repo, row) } as unknown as Issue;
  }

  #get<T>(path: string): Promise<T> {
    return this.#extension.context.core('GET', `/repos/${this.fullName}${path}`);
  }
}

export function commitOf({ sha, commit }: ComparedCommit): Commit {
  return { sha, message: commit.message, author: commit.author.name, date: commit.author.date };
}

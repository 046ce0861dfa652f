import type { CheckRun, Comment, Issue, Pull, Review } from './model.ts';

interface Ref {
  object: { sha: string };
}

/** A person at the keyboard: everything goes over HTTP with their own token, and fails as it would for them. */
export class Person {
  readonly login: string;
  readonly token: string;
  readonly #origin: string;
  readonly #repository: string;

  constructor(origin: string, repository: string, login: string, token: string) {
    this.#origin = origin;
    this.#repository = repository;
    this.login = login;
    this.token = token;
  }

  createIssue(issue: { title: string; body?: string; labels?: string[] }): Promise<Issue> {
    return this.#send('POST', '/issues', issue);
  }

  editIssue(number: number, change: { title?: string; body?: string; state?: 'open' | 'closed' }) {
    return this.#send<Issue>('PATCH', `/issues/${number}`, change);
  }

  async label(number: number, ...labels: string[]): Promise<void> {
    await this.#send('POST', `/issues/${number}/labels`, { labels });
  }

  async unlabel(number: number, label: string): Promise<void> {
    await this.#send('DELETE', `/issues/${number}/labels/${encodeURIComponent(label)}`);
  }

  comment(number: number, body: string): Promise<Comment> {
    return this.#send('POST', `/issues/${number}/comments`, { body });
  }

  editComment(id: number, body: string): Promise<Comment> {
    return this.#send('PATCH', `/issues/comments/${id}`, { body });
  }

  async deleteComment(id: number): Promise<void> {
    await this.#send('DELETE', `/issues/comments/${id}`);
  }

  async react(subject: { issue: number } | { comment: number }, content: string): Promise<void> {
    const at = 'issue' in subject ? subject.issue : `comments/${subject.comment}`;
    await this.#send('POST', `/issues/${at}/reactions`, { content });
  }

  /** Presses a button of a completed check run. */
  async press(checkRunId: number, identifier: string): Promise<void> {
    await this.#send('POST', `/check-runs/${checkRunId}/actions/${identifier}`);
  }

  /** GitHub's own Re-run button. */
  async rerequest(checkRunId: number): Promise<void> {
    await this.#send('POST', `/check-runs/${checkRunId}/rerequest`);
  }

  /** GitHub's "Re-run all checks" of a commit. */
  async rerequestAll(sha: string): Promise<void> {
    const { check_suites: suites } = await this.#send<{ check_suites: { id: number }[] }>(
      'GET',
      `/commits/${sha}/check-suites`,
    );
    for (const { id } of suites) await this.#send('POST', `/check-suites/${id}/rerequest`);
  }

  /** A review as a whole; `commit` is what was looked at when it is not the head. */
  review(number: number, body: string, commit?: string): Promise<Review> {
    const commit_id = commit === undefined ? {} : { commit_id: commit };
    return this.#send('POST', `/pulls/${number}/reviews`, { body, event: 'COMMENT', ...commit_id });
  }

  /** A comment on a file of a pull request. */
  reviewComment(number: number, path: string, body: string): Promise<Review> {
    return this.#send('POST', `/pulls/${number}/comments`, { body, path, line: 1, side: 'RIGHT' });
  }

  checkRun(id: number): Promise<CheckRun> {
    return this.#send('GET', `/check-runs/${id}`);
  }

  createPull(pull: { title: string; head: string; base: string; body?: string; draft?: boolean }) {
    return this.#send<Pull>('POST', '/pulls', pull);
  }

  async merge(number: number, method: 'merge' | 'squash' = 'merge'): Promise<string> {
    const body = { merge_method: method };
    return (await this.#send<{ sha: string }>('PUT', `/pulls/${number}/merge`, body)).sha;
  }

  async closePull(number: number): Promise<void> {
    await this.#send('PATCH', `/pulls/${number}`, { state: 'closed' });
  }

  /** Commits files on top of a branch, which is made from the default branch when it is new; null removes a file. */
  async pushCommit(
    branch: string,
    files: Record<string, string | null>,
    message = `Change ${Object.keys(files).join(', ')}`,
  ): Promise<string> {
    const { default_branch } = await this.#send<{ default_branch: string }>('GET', '');
    const known = await this.#branchHead(branch);
    const parent = known ?? (await this.#branchHead(default_branch));
    if (parent === null) throw new Error(`${this.#repository} is empty`);
    const base = await this.#send<{ tree: { sha: string } }>('GET', `/git/commits/${parent}`);
    const entries = Object.entries(files).map(([path, content]) =>
      content === null
        ? { path, mode: '100644', type: 'blob', sha: null }
        : { path, mode: '100644', type: 'blob', content },
    );
    const tree = await this.#created('/git/trees', { base_tree: base.tree.sha, tree: entries });
    const sha = await this.#created('/git/commits', { message, tree, parents: [parent] });
    if (known === null) await this.#send('POST', '/git/refs', { ref: `refs/heads/${branch}`, sha });
    else await this.#send('PATCH', `/git/refs/heads/${branch}`, { sha });
    return sha;
  }

  async deleteBranch(branch: string): Promise<void> {
    await this.#send('DELETE', `/git/refs/heads/${branch}`);
  }

  /** Any request to the API, with its real status; nothing is thrown. */
  async request(method: string, path: string, body?: unknown) {
    const response = await fetch(`${this.#origin}${path}`, {
      method,
      headers: { authorization: `token ${this.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const data: unknown = text === '' ? null : JSON.parse(text);
    return { status: response.status, headers: response.headers, data };
  }

  async #branchHead(branch: string): Promise<string | null> {
    const path = `/repos/${this.#repository}/git/ref/heads/${branch}`;
    const { status, data } = await this.request('GET', path);
    return status === 200 ? (data as Ref).object.sha : null;
  }

  async #created(path: string, body: unknown): Promise<string> {
    return (await this.#send<{ sha: string }>('POST', path, body)).sha;
  }

  async #send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.request(method, `/repos/${this.#repository}${path}`, body);
    if (answer.status < 400) return answer.data as T;
    const { message = '' } = (answer.data ?? {}) as { message?: string };
    throw new PersonRefused(this.login, answer.status, `${method} ${path}: ${message}`);
  }
}

export class PersonRefused extends Error {
  readonly status: number;

  constructor(login: string, status: number, what: string) {
    super(`GitHub refused ${login} with ${status}: ${what}`);
    this.name = 'PersonRefused';
    this.status = status;
  }
}

import type { Octokit as RestOctokit } from '@octokit/rest';

/** The part of Octokit the functions in this folder use; Probot's `context.octokit` has it too. */
export type Octokit = Pick<RestOctokit, 'rest' | 'paginate' | 'graphql' | 'request'>;

export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

/** An issue or a pull request. */
export interface ItemName extends RepositoryName {
  readonly number: number;
}

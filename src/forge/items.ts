/** An issue, or a pull request seen as one. */
export interface Item {
  readonly title: string;
  readonly body: string;
  /** Null if the account is gone. */
  readonly author: string | null;
  readonly labels: readonly string[];
  readonly isPullRequest: boolean;
}

/** Where a pull request comes from and goes to. */
export interface PullRequestFacts {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly baseBranch: string;
  readonly headBranch: string;
  readonly headSha: string;
  /** The head is not a branch of the repository itself: read-only for us. */
  readonly fromFork: boolean;
}

export interface ThreadComment {
  /** Grows from each comment to the next. */
  readonly id: number;
  readonly author: string;
  /** Not a person: an App or a bot account. */
  readonly byBot: boolean;
  readonly at: string;
  readonly body: string;
}

export interface LabelChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export type ReactionContent =
  | '+1'
  | '-1'
  | 'laugh'
  | 'confused'
  | 'heart'
  | 'hooray'
  | 'rocket'
  | 'eyes';

export type ReactionTarget =
  | { readonly type: 'item'; readonly number: number }
  | { readonly type: 'comment'; readonly id: number }
  /** Anything else that takes reactions, such as a review, by its node id. */
  | { readonly type: 'node'; readonly id: string };

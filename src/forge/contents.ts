/** A branch and the commit it points to now. */
export interface BranchHead {
  readonly name: string;
  readonly sha: string;
}

/** A file or a folder as it was at one commit; paths start at the root of the repository. */
export interface PathAt {
  readonly commit: string;
  readonly path: string;
}

export interface Folder {
  readonly files: readonly TextFile[];
  /** What was left out and why; nothing is left out silently. */
  readonly skipped: readonly { readonly path: string; readonly reason: SkipReason }[];
}

export interface TextFile {
  /** Relative to the repository root. */
  readonly path: string;
  readonly text: string;
}

export type SkipReason = 'not-a-file' | 'not-text' | 'too-large' | 'too-many';

export type FileAnswer =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: SkipReason };

/** A file proposed on a branch of its own. */
export interface ProposedFile {
  readonly branch: string;
  /** Commit the branch starts from, and the branch it is to be merged into. */
  readonly baseSha: string;
  readonly base: string;
  readonly path: string;
  readonly text: string;
  /** Title of the commit and of the pull request. */
  readonly title: string;
  readonly body: string;
}

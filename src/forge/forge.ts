import type { BranchHead, FileAnswer, Folder, PathAt, ProposedFile } from './contents.ts';
import type {
  Item,
  LabelChange,
  PullRequestFacts,
  ReactionContent,
  ReactionTarget,
  ThreadComment,
} from './items.ts';
import type { Collaborator, Permission, TeamName } from './people.ts';

/** What can be asked about one repository at the place where it lives. What cannot be read throws. */
export interface ForgeReads {
  /** Null: there is no such branch, or the repository has no commit yet. */
  findBranch(name: string): Promise<BranchHead | null>;
  /** Every text file below a folder, in path order; null: there is no such folder. */
  findFolder(at: PathAt): Promise<Folder | null>;
  findFile(at: PathAt): Promise<FileAnswer | null>;
  /** The commit at which two histories parted; null: they have nothing in common, or one is gone. */
  findMergeBase(base: string, head: string): Promise<string | null>;

  /** Null: it is gone. */
  findItem(number: number): Promise<Item | null>;
  findPullRequest(number: number): Promise<PullRequestFacts | null>;
  /** Those from branches of the repository itself that begin so. */
  findOpenPullRequests(branchPrefix: string): Promise<readonly PullRequestFacts[]>;
  /** Paths that a pull request changes, `limit` at most. */
  listChangedPaths(number: number, limit: number): Promise<readonly string[]>;
  /** Oldest first. */
  listLatestComments(number: number, limit: number): Promise<readonly ThreadComment[]>;
  /** Whether a search for issues and pull requests finds anything; `refused`: it is not understood. */
  searchItems(query: string): Promise<'hit' | 'none' | 'refused'>;

  /** Null: nobody knows such a person there. */
  findPermission(login: string): Promise<Permission | null>;
  /** False for an unknown team too. */
  isTeamMember(team: TeamName, login: string): Promise<boolean>;
  /** Everybody with more than read access; null: too many to look at. */
  listCollaborators(): Promise<readonly Collaborator[] | null>;
  /** Whether a person's latest work has been merged here. */
  hasMergedPullRequest(login: string): Promise<boolean>;
}

/** One repository at the place where it lives, for those who carry out what somebody waits for. */
export interface Forge extends ForgeReads {
  /** Twice changes nothing. */
  addReaction(target: ReactionTarget, content: ReactionContent): Promise<unknown>;
  /** Other labels stay as they are. */
  changeLabels(number: number, change: LabelChange): Promise<unknown>;
  /** A branch with one more file, and its pull request. Twice makes one. */
  proposeFile(file: ProposedFile): Promise<{ readonly number: number }>;
}

/** The forge of a repository, as the installation may use it. */
export type ForgeOf = (
  installationId: number,
  repository: { readonly owner: string; readonly name: string },
) => Forge;

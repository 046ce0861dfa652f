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

/** What can be asked about one repository where it is hosted. Whatever cannot be read throws. */
export interface ForgeReads {
  /** Null if there is no such branch, or the repository has no commit yet. */
  findBranch(name: string): Promise<BranchHead | null>;
  /** Every text file below a folder, in path order; null if there is no such folder. */
  findFolder(at: PathAt): Promise<Folder | null>;
  findFile(at: PathAt): Promise<FileAnswer | null>;
  /** The commit where two histories diverged; null if they share nothing or one is gone. */
  findMergeBase(base: string, head: string): Promise<string | null>;

  /** Null if it is gone. */
  findItem(number: number): Promise<Item | null>;
  findPullRequest(number: number): Promise<PullRequestFacts | null>;
  /** Those from the repository's own branches with this prefix. */
  findOpenPullRequests(branchPrefix: string): Promise<readonly PullRequestFacts[]>;
  /** Paths that a pull request changes, at most `limit`. */
  listChangedPaths(number: number, limit: number): Promise<readonly string[]>;
  /** Oldest first. */
  listLatestComments(number: number, limit: number): Promise<readonly ThreadComment[]>;
  /** Whether a search for issues and pull requests finds anything; `refused` if it is not understood. */
  searchItems(query: string): Promise<'hit' | 'none' | 'refused'>;

  /** Null if no such person is known there. */
  findPermission(login: string): Promise<Permission | null>;
  /** False for an unknown team too. */
  isTeamMember(team: TeamName, login: string): Promise<boolean>;
  /** Everybody with more than read access; null if too many to look at. */
  listCollaborators(): Promise<readonly Collaborator[] | null>;
  /** Whether a person's latest work has been merged here. */
  hasMergedPullRequest(login: string): Promise<boolean>;
}

/** One repository where it is hosted, for carrying out what somebody is waiting for. */
export interface Forge extends ForgeReads {
  /** Repeating it changes nothing. */
  addReaction(target: ReactionTarget, content: ReactionContent): Promise<unknown>;
  /** Other labels stay as they are. */
  changeLabels(number: number, change: LabelChange): Promise<unknown>;
  /** A branch with one more file, and its pull request. Two calls make only one. */
  proposeFile(file: ProposedFile): Promise<{ readonly number: number }>;
}

/** The forge of a repository, as the installation may use it. */
export type ForgeOf = (
  installationId: number,
  repository: { readonly owner: string; readonly name: string },
) => Forge;

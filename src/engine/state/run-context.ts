import type { Channel } from './run.ts';

/** What a run is about and where it came from. Written once at the start, never changed. */
export interface RunContext {
  readonly installationId: number;
  readonly repository: RepositoryContext;
  readonly subject: Subject;
  /** Branch the run writes to: `sluice/<issue>-<workflow>-<run>`. */
  readonly branch: string;
  /** Commit the worktree starts from. */
  readonly baseSha: string;
  /** Branch a pull request goes to. */
  readonly baseRef: string;
  readonly workflow: string;
  /** What the agents are asked to do, in the words of the starter and the subject. */
  readonly task: string;
  readonly origin: Channel;
  readonly trigger: Trigger;
}

export interface RepositoryContext {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly cloneUrl: string;
  readonly htmlUrl: string;
  readonly defaultBranch: string;
  readonly private: boolean;
}

export interface Subject {
  readonly type: 'issue' | 'pull-request';
  readonly number: number;
  readonly title: string;
  readonly author: string;
  /** The workflow does not read text by this author: agents get neither title nor text. */
  readonly withheld?: boolean;
  /** What a pull request changes: everything since it left its target branch, at `from`. */
  readonly change?: { readonly from: string; readonly into: string };
}

export interface Trigger {
  readonly via:
    | 'label'
    | 'comment'
    | 'button'
    | 'rerun'
    | 'schedule'
    | 'cli'
    | 'dashboard'
    | 'client'
    | 'fallback';
  readonly login: string;
  /** Label name or command line, as people see it. */
  readonly text: string;
  readonly deliveryId: string | null;
  /** The comment that carried the command, where its reactions go. */
  readonly commentId: number | null;
  /** Node id of the review or review comment that carried it, where its reactions then go. */
  readonly reviewNode?: string;
  /** When GitHub says it was asked for, or slightly earlier; absent if GitHub does not say. */
  readonly at?: string;
  /** The label stays on when the run starts. */
  readonly keepsLabel?: boolean;
}

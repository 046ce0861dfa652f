import type { TransitionRecord } from '../../engine/state/event.ts';
import type { NodeKey, Run } from '../../engine/state/run.ts';
import type { RunContext } from '../../engine/state/run-context.ts';
import type { Plan } from '../../plan/plan.ts';

/** Everything a report is drawn from. The same input always gives the same text. */
export interface ReportInput {
  readonly plan: Plan;
  readonly run: Run;
  readonly context: RunContext;
  /** The run's history, oldest first. */
  readonly records: readonly TransitionRecord[];
  /** Full texts, at least of the steps whose result awaits a decision. */
  readonly outputs: Readonly<Record<NodeKey, OutputText>>;
  readonly links: ReportLinks;
  /** Running steps without a sign of life for too long, and when the last one was. */
  readonly quiet: Readonly<Record<NodeKey, string>>;
  /** ISO time. */
  readonly now: string;
  readonly settings: ReportSettings;
}

interface OutputText {
  readonly name: string | null;
  readonly text: string;
  readonly digest: string | null;
  readonly size: number;
}

/** Addresses of what has already been published. */
export interface ReportLinks {
  /** Page with more about the run; null if there is none. */
  readonly runPage: string | null;
  readonly runComment: string | null;
  /** Gate id -> its comment. */
  readonly gates: Readonly<Record<string, string>>;
  readonly pullRequest: PullRequestLink | null;
  /** Issue with the technical debt the run found; absent if there is none. */
  readonly followUp?: IssueLink;
}

interface IssueLink {
  readonly number: number;
  readonly url: string;
}

interface PullRequestLink {
  readonly number: number;
  readonly url: string;
  readonly draft: boolean;
}

interface ReportSettings {
  /** The word that commands, labels and checks begin with. */
  readonly prefix: string;
  /** Verbs work without the prefix if a run is open. */
  readonly bare: boolean;
  readonly instance: string;
  readonly version: string;
  /** Whether a gate comment notifies those who may decide. */
  readonly mention: 'approvers' | 'none';
  readonly endComment: 'always' | 'long-or-gated' | 'never';
}

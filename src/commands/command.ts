import type { JsonObject } from '../plan/json.ts';

/** Everything a person may ask for, however it was asked: comment, label or button. */
export type Command =
  | StartCommand
  | PlanCommand
  | DoctorCommand
  | CreateCommand
  | ListCommand
  | HelpCommand
  | StatusCommand
  | OutputCommand
  | DecideCommand
  | RedesignCommand
  | CancelCommand
  | RetryCommand
  | SkipCommand
  | ResumeCommand;

export interface StartCommand {
  readonly type: 'start';
  readonly workflow: string;
  /** What to do; null if the issue or pull request itself is the task. */
  readonly task: string | null;
  readonly params: JsonObject;
}

/** Shows what a start would do, and starts nothing. */
export interface PlanCommand {
  readonly type: 'plan';
  readonly workflow: string;
  /** Null for the issue or pull request itself. */
  readonly task: string | null;
  readonly params: JsonObject;
}

/** Looks for everything that is, or is likely to be, wrong with the repository's workflows. */
export interface DoctorCommand {
  readonly type: 'doctor';
  /** Null for all of them. */
  readonly workflow: string | null;
}

/** Proposes a new workflow for the repository in a pull request. */
export interface CreateCommand {
  readonly type: 'create';
  readonly name: string;
  /** The whole file; null for a template to start from. */
  readonly file: string | null;
  /** What it is for, in words; only without a file. */
  readonly about: string | null;
}

export interface ListCommand {
  readonly type: 'list';
}

export interface HelpCommand {
  readonly type: 'help';
  readonly topic: string | null;
}

export interface StatusCommand {
  readonly type: 'status';
}

/** Shows all of a step's answer. */
export interface OutputCommand {
  readonly type: 'output';
  /** A step, or the name of its output. */
  readonly step: string;
  /** Null for the newest run of the thread that has it. */
  readonly run: string | null;
  /** Character to begin with; the first is 1. */
  readonly from: number;
}

export interface DecideCommand {
  readonly type: 'decide';
  readonly verdict: 'approve' | 'deny' | 'revise' | 'edit' | 'guide' | 'override' | 'answer';
  /** Null for the only open gate of the thread. */
  readonly target: Target | null;
  /** Full id of the commit the person looked at; must be the head. */
  readonly sha: string | null;
  /** The reason for a denial, the request for a revision, the new text of an edit, the answers. */
  readonly text: string | null;
  /** A remark alongside an approval; never read as a condition. */
  readonly note: string | null;
}

/** The requirements have changed. */
export interface RedesignCommand {
  readonly type: 'redesign';
  /** Null for the only run of the thread that takes them. */
  readonly run: string | null;
  /** What is wanted now. */
  readonly text: string;
}

export interface CancelCommand {
  readonly type: 'cancel';
  /** Null for the only live run of the thread. */
  readonly run: string | null;
  readonly reason: string | null;
}

export interface RetryCommand {
  readonly type: 'retry';
  /** Null for the only failed step. */
  readonly step: string | null;
}

export interface ResumeCommand {
  readonly type: 'resume';
  /** Null for the last run of the thread. */
  readonly run: string | null;
  /** Given to the steps that run again. */
  readonly text: string | null;
}

export interface SkipCommand {
  readonly type: 'skip';
  readonly step: string;
}

/** What a decision is about, as far as the person said. */
export type Target =
  | { readonly type: 'gate'; readonly gate: string; readonly run: string | null }
  | { readonly type: 'run'; readonly run: string }
  | { readonly type: 'step'; readonly step: string };

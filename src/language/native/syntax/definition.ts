import type { JsonObject } from '../../../plan/json.ts';
import type { Criterion, Dialect, Policies } from '../../../plan/plan.ts';
import type { Locations } from '../../problems/positions.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Workflow } from '../schema/workflow.ts';

/** A workflow file that was read and found sound in itself. */
export interface WorkflowDefinition {
  readonly path: string;
  readonly spec: Workflow;
  /** Files of the workflow folder it uses, by their path: prompts and what they include. */
  readonly files: Readonly<Record<string, string>>;
  /** Other files of the workflow folder it was read from, whether or not a step sends them. */
  readonly parts?: readonly string[];
  readonly positions: Locations;
  /** The language it is written in; absent for the native one. */
  readonly dialect?: Dialect;
  readonly amendments?: Amendments;
  /** What is understood but should be written differently. */
  readonly warnings?: readonly Problem[];
  /** The same workflow for one type of issue, by that type. */
  readonly variants?: Readonly<Record<string, WorkflowDefinition>>;
  /** The same workflow, with variants of its own, for one team, by its name. */
  readonly teams?: Readonly<Record<string, WorkflowDefinition>>;
}

/** Paths of the files a workflow consists of besides its own. */
export function filesOf({ files, parts = [] }: WorkflowDefinition): readonly string[] {
  return [...new Set([...Object.keys(files), ...parts])];
}

/** What a file of another dialect says that native keys cannot express. */
export interface Amendments {
  /** By step id. */
  readonly nodes: Readonly<Record<string, NodeAmendment>>;
  readonly policies: Partial<Policies>;
}

export interface NodeAmendment {
  /** Instead of the criteria of a gate. */
  readonly criteria?: readonly Criterion[];
  /** Further facts about an agent's step. */
  readonly meta?: JsonObject;
}

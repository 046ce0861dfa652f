import type { Positions } from './positions.ts';
import type { Workflow } from './schema/workflow.ts';

/** A workflow file that was read and found sound in itself. */
export interface WorkflowDefinition {
  readonly path: string;
  readonly spec: Workflow;
  /** Files of the workflow folder it uses, by their path: prompts and what they include. */
  readonly files: Readonly<Record<string, string>>;
  readonly positions: Positions;
}

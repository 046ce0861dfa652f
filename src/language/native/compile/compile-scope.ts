import type { WorkflowDefinition } from '../syntax/definition.ts';
import type { Link } from '../syntax/step-links.ts';
import type { StepScope } from '../syntax/step-scope.ts';

/** One list of steps on its way to becoming a graph. */
export interface CompileScope {
  readonly definition: WorkflowDefinition;
  readonly scope: StepScope;
  readonly links: readonly Link[];
  readonly params: readonly string[];
  /** Key of the graph it becomes; the graphs inside it are `<key>/<step>`. */
  readonly graph: string;
  /** Folder name for files of a called workflow; null for the main one. */
  readonly folder: string | null;
}

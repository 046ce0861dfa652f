import type { NodeKey, Run } from '../../engine/state/run.ts';
import type { RunContext } from '../../engine/state/run-context.ts';
import type { Json } from '../../plan/json.ts';
import type { Plan } from '../../plan/plan.ts';
import type { SubjectChange } from './change-section.ts';

/** An earlier result as stored. */
export interface PromptOutput {
  readonly text: string;
  readonly data: Json;
  /** `text` is only the beginning of what is stored. */
  readonly truncated: boolean;
  /** Characters of the whole. */
  readonly size: number;
  /** Fields of its structured result. */
  readonly keys: readonly string[];
}

export interface PromptInput {
  readonly plan: Plan;
  readonly run: Run;
  readonly context: RunContext;
  readonly node: NodeKey;
  /** The outputs the node may see, by name. */
  readonly outputs: Readonly<Record<string, PromptOutput>>;
  /** Change of the run's pull request. */
  readonly change?: SubjectChange | null;
  /** Files that `include` can name; if absent, those stored with the plan. */
  readonly files?: Readonly<Record<string, string>>;
}

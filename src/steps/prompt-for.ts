import { readPath } from '../plan/read-path.ts';
import { type PromptInput, type PromptOutput } from '../render/prompt/prompt-input.ts';
import { readChange } from './agent/change.ts';
import type { Attempt } from './attempt.ts';
import { readVisible, type SeenOutput } from './outputs/read-visible.ts';
import { showOutput } from './outputs/show-output.ts';
import type { StepDeps } from './step-deps.ts';

export interface PromptMaterial {
  readonly input: PromptInput;
  /** The same outputs, uncut. */
  readonly seen: readonly SeenOutput[];
}

/** What a step's templates can name, with the outputs it may see, read now. */
export async function promptMaterial(deps: StepDeps, attempt: Attempt): Promise<PromptMaterial> {
  const { run, plan, context } = attempt.stored;
  const seen = await readVisible(deps, attempt);
  const governor = readPath(plan.policies.reliability ?? null, 'budget_governor');
  const threshold =
    readPath(governor, 'enabled') === true ? readPath(governor, 'lazy_injection_threshold') : null;
  const lazy = typeof threshold === 'number' ? threshold : null;
  const outputs: Record<string, PromptOutput> = Object.fromEntries(
    seen.map((output) => [output.name, showOutput(output, lazy)]),
  );
  const change = await readChange(deps, attempt);
  return { input: { plan, run, context, node: attempt.node, outputs, change }, seen };
}

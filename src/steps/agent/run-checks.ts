import type { Failure } from '../../engine/state/event.ts';
import { writes } from '../../plan/kinds.ts';
import type { AgentNode } from '../../plan/plan.ts';
import type { PromptInput } from '../../render/prompt/prompt-input.ts';
import type { Attempt } from '../attempt.ts';
import { describeEnd } from '../auto/describe-end.ts';
import { lineFor } from '../auto/line-for.ts';
import type { NodeTree } from '../node-tree.ts';
import type { StepDeps } from '../step-deps.ts';
import type { Shortcoming } from './shortcomings.ts';

/** How much of a failed check a model is shown. */
const MAX_TOLD = 20_000;

/** Runs the step's checks in order, up to the first failure. A check that may not run fails at once. */
export async function runChecks(
  deps: StepDeps,
  attempt: Attempt,
  node: AgentNode,
  tree: NodeTree,
  material: PromptInput,
): Promise<Shortcoming | Failure | null> {
  for (const check of node.checks) {
    const line = lineFor(node, check.command, material);
    if (!line.ok) return line.failure;
    const result = await deps.commands.run({
      line: `exec 2>&1\n${line.line}`,
      cwd: tree.worktree.path,
      writes: writes(node),
      readonlyPaths: [tree.worktree.mirror],
      timeoutMs: check.command.timeoutMs,
      maxOutputBytes: Math.min(check.command.maxOutputBytes, MAX_TOLD),
      signal: attempt.signal,
    });
    if (result.endedBy === 'exit' && result.exitCode === 0) continue;
    const message = `The check "${check.name}" (\`${deps.commands.mask(line.line)}\`) ${describeEnd(result)}.\n\n${result.stdout}`;
    return { key: `check:${check.name}`, kind: 'check', max: check.max, message };
  }
  return null;
}

import { z } from 'zod';
import { AccessSpec, Amount, describe, Text, Timeout } from './common.ts';
import { StepBudget } from './policies.ts';

/** How a step is executed. */
export const EXECUTION_KEYS = {
  access: AccessSpec.optional().meta(
    describe(
      "What the agent may do in the worktree: `readonly` reads, `execute` also runs commands, `edit` changes files, `full` does both. The persona's if left out, else `readonly`. `execute` fails where there is no sandbox, because only that keeps commands from writing.",
      'access: edit',
    ),
  ),
  workspace: z
    .enum(['none', 'read', 'write', 'isolated'])
    .optional()
    .meta(
      describe(
        'Readers overlap, a writer runs alone, `isolated` has a worktree of its own that is merged. Follows from `access` if left out.',
        'access: edit\nworkspace: isolated',
      ),
    ),
  model: Text.optional().meta(
    describe(
      "Model; the persona's if left out, else the `default` of the entry of agents.yaml.",
      'model: large',
    ),
  ),
  effort: Text.optional().meta(describe('How much the model thinks.', 'effort: high')),
  program: Text.optional().meta(describe('Entry of agents.yaml that runs it.', 'program: claude')),
  session: z
    .enum(['fresh', 'continue'])
    .default('fresh')
    .meta(
      describe('Whether a repeated step goes on in the conversation it had.', 'session: continue'),
    ),
  execution: z
    .enum(['main', 'subagent'])
    .optional()
    .meta(
      describe(
        "Shared conversation of the run or one of its own; the workflow's if left out.",
        'execution: main',
      ),
    ),
  allow_override: z
    .boolean()
    .optional()
    .meta(
      describe(
        'Whether a start may change `execution`, as in `/sluice run <workflow> execution.<step>=main`; it may if left out.',
        'allow_override: false',
      ),
    ),
  retries: Amount.max(10)
    .optional()
    .meta(
      describe(
        'Further attempts after a failed one; what `reliability` says if left out, else none.',
        'retries: 2',
      ),
    ),
  timeout: Timeout.optional().meta(
    describe('Hard limit of one attempt, of `agent`, `run` and `auto_run`.', 'timeout: 30m'),
  ),
  cache: z
    .boolean()
    .default(false)
    .meta(
      describe(
        'Uses the earlier result when the same prompt met the same tree and the same earlier results. Only for agents that do not write.',
        'cache: true',
      ),
    ),
  uncommitted: z
    .boolean()
    .optional()
    .meta(
      describe(
        "Keeps what the step changes on a branch aside until a later step with `commit` puts it onto the run's branch.",
        'access: edit\nuncommitted: true',
      ),
    ),
  risky: z
    .boolean()
    .default(false)
    .meta(
      describe(
        'The guardrail scans the prompt or command before the step runs, and before people are asked about it.',
        'risky: true',
      ),
    ),
  budget: StepBudget.optional().meta(
    describe(
      'Limits of this step.',
      'budget: {max_tokens: 200000, max_usd: 2, alert_at_percent: [80], on_exceed: pause}',
    ),
  ),
};

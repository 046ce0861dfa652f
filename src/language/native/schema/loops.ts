import { z } from 'zod';
import { ConditionText, Count, Duration, describe, Slug, StepId, Usd } from './common.ts';

const Loop = z.strictObject({
  from: StepId.meta(describe('Step after which the loop may be taken.', 'from: test')),
  to: StepId.optional().meta(
    describe('Earlier step it goes back to; the same step if left out.', 'to: build'),
  ),
  trigger: ConditionText.default('outcome == revise').meta(
    describe('When it is taken, asked about the step in `from`.', 'trigger: test.failed > 0'),
  ),
  max: Count.max(20).default(3).meta(describe('How many times.', 'max: 3')),
  cooldown: Duration.optional().meta(describe('Pause before the next round.', 'cooldown: 5s')),
  cost_ceiling_usd: Usd.optional().meta(
    describe('Ends the loop when its rounds have cost this much.', 'cost_ceiling_usd: 2'),
  ),
  stop_on_no_progress: z
    .boolean()
    .default(true)
    .meta(
      describe('Ends the loop when the same failures come back.', 'stop_on_no_progress: false'),
    ),
  on_exhaust: z
    .enum(['escalate', 'fail', 'continue'])
    .default('escalate')
    .meta(describe('What follows when the loop is used up.', 'on_exhaust: fail')),
  workspace: z
    .enum(['keep', 'rewind'])
    .default('keep')
    .meta(
      describe(
        'Go on in the tree as it is, or from where it stood before the step in `to`.',
        'workspace: rewind',
      ),
    ),
});
export type LoopSpec = z.infer<typeof Loop>;

export const Loops = z.record(Slug, Loop);

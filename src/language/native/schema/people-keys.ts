import { z } from 'zod';
import { Approval, QuestionsSpec } from './approval.ts';
import { describe, Text } from './common.ts';

/** Where people come in. */
export const PEOPLE_KEYS = {
  requires_approval: z
    .boolean()
    .default(false)
    .meta(
      describe(
        'A person approves the result before later steps see it.',
        'requires_approval: true',
      ),
    ),
  approval_prompt: Text.optional().meta(
    describe(
      'Shown word for word where people decide.',
      'requires_approval: true\napproval_prompt: Is the plan sound?',
    ),
  ),
  approval: Approval.optional().meta(
    describe(
      'Details of the approval. Without other work the step is nothing but the approval.',
      'approval: {count: 2, approvers: {role: maintain}, expire: 7d, self_approve: deny, when: after, revise: {to: first, max: 2}, batch: false}',
    ),
  ),
  requires_individual_consent: z
    .boolean()
    .default(false)
    .meta(
      describe(
        'Asks right before it runs, each time, whatever was approved before.',
        'requires_individual_consent: true',
      ),
    ),
  stop: z
    .boolean()
    .default(false)
    .meta(
      describe(
        'A stop point: waits for approval of its result unless the run is autonomous. With `requires_approval`, `approvers` or a `count` it waits in any case.',
        'stop: true',
      ),
    ),
  open_items: z
    .enum(['hold', 'carry'])
    .default('carry')
    .meta(
      describe(
        'What happens when earlier work was approved under conditions that are still open: `carry` starts the step and tells it about them, `hold` asks people first.',
        'open_items: hold',
      ),
    ),
  questions: QuestionsSpec.optional().meta(
    describe(
      'The agent may ask people questions and continue with their answers.',
      'questions: {from: author, max: 2}',
    ),
  ),
};

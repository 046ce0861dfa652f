import { z } from 'zod';
import { Amount, Count, describe, RoleSpec, StepId, Term, Text } from './common.ts';

export const Approval = z.strictObject({
  when: z
    .enum(['before', 'after'])
    .default('after')
    .meta(
      describe('Whether people decide before the step runs or on what it made.', 'when: before'),
    ),
  of: StepId.optional().meta(
    describe(
      'In a step that is nothing but an approval: the step whose result is decided on. A first step of a `foreach` without it decides on the item.',
      'of: plan',
    ),
  ),
  approvers: z
    .strictObject({
      role: RoleSpec.default('write').meta(
        describe('Least role in the repository that counts.', 'role: maintain'),
      ),
      teams: z
        .array(Text)
        .default([])
        .meta(describe('Only members of these teams.', 'teams: [security]')),
      users: z.array(Text).default([]).meta(describe('Only these people.', 'users: [octocat]')),
    })
    .optional()
    .meta(describe('Who may decide.', 'approvers: {role: maintain}')),
  count: Count.max(10)
    .default(1)
    .meta(describe('How many different people have to approve.', 'count: 2')),
  revise: z
    .union([
      z.literal(false),
      z.strictObject({
        to: StepId.optional().meta(
          describe(
            'Step that receives the text, beside this one or before the group or foreach around it; the step itself if left out.',
            'to: implement',
          ),
        ),
        max: Count.max(20).default(3).meta(describe('How many times.', 'max: 3')),
      }),
    ])
    .optional()
    .meta(
      describe(
        'Where `/revise <text>` sends the work back to; `false` switches it off.',
        'revise: {to: implement, max: 3}',
      ),
    ),
  expire: Term.optional().meta(
    describe('After this time the question expires. Expiry never approves.', 'expire: 7d'),
  ),
  self_approve: z
    .enum(['allow', 'deny', 'if_alone'])
    .default('allow')
    .meta(
      describe(
        'Whether the person who started the run may approve; `if_alone`: only when nobody else can.',
        'self_approve: deny',
      ),
    ),
  batch: z
    .boolean()
    .default(false)
    .meta(
      describe(
        'Approving makes the run autonomous: later stop points pass by themselves.',
        'batch: true',
      ),
    ),
});
export type Approval = z.infer<typeof Approval>;

export const QuestionsSpec = z.strictObject({
  from: z
    .enum(['starter', 'approvers', 'author'])
    .default('approvers')
    .meta(
      describe(
        'Who may answer besides the starter and those with write access. `author` wrote the issue or pull request; approvers may as well.',
        'from: author',
      ),
    ),
  max: Amount.max(10).default(3).meta(describe('How many rounds of questions.', 'max: 2')),
});

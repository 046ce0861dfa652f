import { z } from 'zod';
import { describe, MAX_STEPS } from './common.ts';
import { EXECUTION_KEYS } from './execution-keys.ts';
import { FLOW_KEYS, WHO_KEYS } from './flow-keys.ts';
import { Loops } from './loops.ts';
import { PEOPLE_KEYS } from './people-keys.ts';
import { RESULT_KEYS } from './result-keys.ts';
import { FOREACH_KEYS, GROUP_KEYS } from './work.ts';
import { WORK_KEYS } from './work-keys.ts';

const GROUP_OWN = z.strictObject({
  ...GROUP_KEYS,
  loops: Loops.optional().meta(describe('Loops among the members.', 'loops: {again: {from: a}}')),
});
const FOREACH_OWN = z.strictObject({
  ...FOREACH_KEYS,
  ...GROUP_KEYS,
  loops: Loops.optional().meta(describe('Loops inside a member.', 'loops: {again: {from: a}}')),
});
const STEP_OWN = z.strictObject({
  ...WHO_KEYS,
  ...FLOW_KEYS,
  ...PEOPLE_KEYS,
  ...EXECUTION_KEYS,
  ...RESULT_KEYS,
  ...WORK_KEYS,
});

interface GroupSpec extends z.infer<typeof GROUP_OWN> {
  readonly steps: readonly Step[];
}
interface ForeachSpec extends z.infer<typeof FOREACH_OWN> {
  readonly steps?: readonly Step[] | undefined;
}
export interface Step extends z.infer<typeof STEP_OWN> {
  readonly group?: GroupSpec | undefined;
  readonly foreach?: ForeachSpec | undefined;
}

const MEMBER_EXAMPLE = 'steps: [{id: a, agent: Researcher, prompt: "{{ task }}"}]';

const GROUP_EXAMPLE = `group:
  max_parallel: 2
  complete_when: all
  on_member_failure: continue
  steps:
    - {id: a, agent: Researcher, prompt: "{{ task }}"}
    - {id: b, agent: Researcher, prompt: "{{ task }}"}
  loops: {again: {from: a, trigger: outcome == revise}}`;

const FOREACH_EXAMPLE = `foreach:
  items: [a, b]
  as: area
  max_parallel: 1
  complete_when: all
  on_member_failure: fail
  member_retries: 1
  steps:
    - {id: a, agent: Researcher, prompt: "Look at {{ area }}"}`;

/** One step of a native workflow. Which keys fit together is checked after the shape. */
export const Step: z.ZodType<Step> = z
  .strictObject({
    ...STEP_OWN.shape,
    get group(): z.ZodType<GroupSpec | undefined> {
      const meta = describe('Steps that run side by side and end as one.', GROUP_EXAMPLE);
      return GroupSpec.optional().meta(meta);
    },
    get foreach(): z.ZodType<ForeachSpec | undefined> {
      const meta = describe('The same steps for each item of a list.', FOREACH_EXAMPLE);
      return ForeachSpec.optional().meta(meta);
    },
  })
  .meta({ id: 'Step' });

const GroupSpec: z.ZodType<GroupSpec> = z
  .strictObject({
    ...GROUP_OWN.shape,
    get steps(): z.ZodType<readonly Step[]> {
      return z.array(Step).min(1).max(MAX_STEPS).meta(describe('The members.', MEMBER_EXAMPLE));
    },
  })
  .meta({ id: 'Group' });

const ForeachSpec: z.ZodType<ForeachSpec> = z
  .strictObject({
    ...FOREACH_OWN.shape,
    get steps(): z.ZodType<readonly Step[] | undefined> {
      return z
        .array(Step)
        .min(1)
        .max(MAX_STEPS)
        .optional()
        .meta(describe('Steps of one member.', MEMBER_EXAMPLE));
    },
  })
  .meta({ id: 'Foreach' });

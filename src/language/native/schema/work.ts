import { z } from 'zod';
import {
  Amount,
  CompleteWhenSpec,
  ConditionText,
  Count,
  describe,
  FilePath,
  OutputName,
  Slug,
  StepId,
  Text,
  Timeout,
} from './common.ts';

export const RunSpec = z.union([
  Text,
  z.strictObject({
    line: Text.meta(
      describe(
        "Shell line, or `config:test`, `config:lint`, `config:build` for the repository's own command.",
        'line: config:test',
      ),
    ),
    timeout: Timeout.optional().meta(
      describe('The command is killed after this; 10m by default.', 'timeout: 2m'),
    ),
    max_output_bytes: Count.max(10_000_000)
      .default(1_000_000)
      .meta(
        describe('How much output is kept; the middle is cut out.', 'max_output_bytes: 200000'),
      ),
    allow: z
      .array(Text)
      .default([])
      .meta(describe('Programs the line may call; empty: all.', 'allow: [npm, git]')),
    deny: z
      .array(Text)
      .default([])
      .meta(describe('Programs the line may not call. Beats `allow`.', 'deny: [curl]')),
  }),
]);
export type RunSpec = z.infer<typeof RunSpec>;

export const AutoRun = z.strictObject({
  callable: Text.meta(describe('Name of a registered function.', 'callable: git.diff_stat')),
  kwargs: z
    .record(Text, z.json())
    .default({})
    .meta(describe('Fixed arguments.', 'kwargs: {limit: 20}')),
  input_map: z
    .record(Text, Text)
    .default({})
    .meta(
      describe(
        'Argument name → path into the outputs; adds the dependency.',
        'input_map: {base: plan.base}',
      ),
    ),
  timeout: Timeout.optional().meta(describe('30s by default; one silent retry.', 'timeout: 1m')),
});
export type AutoRun = z.infer<typeof AutoRun>;

const CriterionValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.strictObject({
    equals: z.json().optional().meta(describe('Exactly this.', 'equals: PASS')),
    min: z.number().optional().meta(describe('At least this.', 'min: 80')),
    max: z.number().optional().meta(describe('At most this.', 'max: 5')),
    exists: z
      .boolean()
      .optional()
      .meta(describe('There, and neither empty nor `false`; or the opposite.', 'exists: true')),
    contains: z
      .json()
      .optional()
      .meta(describe('Text or list that has this in it.', 'contains: CHANGELOG.md')),
    any_of: z
      .array(z.json())
      .min(1)
      .optional()
      .meta(describe('One of these.', 'any_of: [pass, skipped]')),
    all_of: z
      .array(z.json())
      .min(1)
      .optional()
      .meta(describe('A list with all of these.', 'all_of: [unit, e2e]')),
  }),
]);

export const GateSpec = z.strictObject({
  of: StepId.meta(describe('Step whose structured result is judged.', 'of: test')),
  criteria: z
    .record(Text, CriterionValue)
    .meta(
      describe(
        'Field of the result → what it must be. All have to hold; a missing field fails.',
        'criteria: {all_tests_pass: true, coverage: {min: 80}}',
      ),
    ),
  severity: z
    .enum(['error', 'warning'])
    .default('error')
    .meta(describe('A warning is reported and blocks nothing.', 'severity: warning')),
});
export type GateSpec = z.infer<typeof GateSpec>;

export const Evaluate = z.strictObject({
  decision_field: Text.optional().meta(
    describe('Field of the result that says `pass`.', 'decision_field: verdict'),
  ),
  condition: ConditionText.optional().meta(
    describe(
      'Condition that means pass, when there is no such field.',
      'condition: text contains "LGTM"',
    ),
  ),
  on_pass: StepId.optional().meta(
    describe(
      'Step that follows a pass; left out: every step that depends on this one.',
      'on_pass: publish',
    ),
  ),
  on_fail: StepId.optional().meta(
    describe('Step that follows a fail; an earlier one makes it a loop.', 'on_fail: implement'),
  ),
  max_retries: Count.max(20)
    .default(3)
    .meta(describe('How often an earlier `on_fail` is taken.', 'max_retries: 2')),
});
export type Evaluate = z.infer<typeof Evaluate>;

export const Route = z.strictObject({
  contains: Text.optional().meta(
    describe('Taken when the answer contains this, whatever the case.', 'contains: frontend'),
  ),
  when: ConditionText.optional().meta(
    describe('Taken when this condition holds.', 'when: result.scale == "large"'),
  ),
  default: z
    .literal(true)
    .optional()
    .meta(describe('Taken when no other route is.', 'default: true')),
  goto: StepId.meta(describe('Step it leads to.', 'goto: design')),
});
export type Route = z.infer<typeof Route>;

export const CallSpec = z.strictObject({
  workflow: Slug.meta(describe('Name of the workflow.', 'workflow: code-review')),
  params: z
    .record(Text, Text)
    .default({})
    .meta(describe('Parameter → template of its value.', 'params: {focus: "{{ plan.scope }}"}')),
  returns: z
    .record(OutputName, OutputName)
    .optional()
    .meta(
      describe(
        "Field of this step's result → output inside; left out: all outputs.",
        'returns: {findings: report}',
      ),
    ),
});
export type CallSpec = z.infer<typeof CallSpec>;

export const ItemsSpec = z.union([
  z.array(z.json()).min(1),
  z.string().min(1),
  z.strictObject({
    file: FilePath.meta(
      describe(
        'JSON, CSV or YAML file of the repository with one item per row.',
        'file: tasks.csv',
      ),
    ),
    format: z
      .enum(['json', 'csv', 'yaml'])
      .optional()
      .meta(describe("Told by the file's ending if left out.", 'file: tasks.txt\nformat: csv')),
  }),
  z.strictObject({
    files: FilePath.meta(
      describe('One item per file that matches.', 'files: docs/plans/tasks/*.md'),
    ),
  }),
]);
export type ItemsSpec = z.infer<typeof ItemsSpec>;

export const GROUP_KEYS = {
  max_parallel: Count.max(50).optional().meta(describe('How many run at once.', 'max_parallel: 2')),
  complete_when: CompleteWhenSpec.default('all').meta(
    describe('`all`, `any` or the number of members that must succeed.', 'complete_when: any'),
  ),
  on_member_failure: z
    .enum(['fail', 'continue'])
    .default('fail')
    .meta(describe('Whether a failed member stops the others.', 'on_member_failure: continue')),
} as const;

export const FOREACH_KEYS = {
  items: ItemsSpec.meta(
    describe(
      'A list, the path of a list in the outputs, `{file: …}` or `{files: …}`.',
      'items: plan.tasks',
    ),
  ),
  as: OutputName.default('item').meta(describe('Name the item has in prompts.', 'as: area')),
  workflow: Slug.optional().meta(
    describe('Workflow to run for each item, instead of `steps`.', 'workflow: task'),
  ),
  member_retries: Amount.max(10)
    .default(0)
    .meta(describe('Further tries of a member that failed.', 'member_retries: 1')),
} as const;

import { z } from 'zod';
import { Count, Duration, describe, RoleSpec, Slug, Text } from './common.ts';

const StartRole = z.enum([...RoleSpec.options, 'any']);
export type StartRole = z.infer<typeof StartRole>;

const By = StartRole.meta(
  describe('Least role in the repository of who starts it; `any`: everybody.', 'by: write'),
);
const Patterns = z.array(Text).min(1);

const Label = z.strictObject({
  name: Slug.optional().meta(
    describe("Label after the prefix; the workflow's name if left out.", 'name: feature'),
  ),
  items: z
    .array(z.enum(['issue', 'pr']))
    .min(1)
    .default(['issue', 'pr'])
    .meta(describe('Where it counts.', 'items: [issue]')),
  consume: z
    .boolean()
    .default(true)
    .meta(describe('The label is taken off when the run starts.', 'consume: false')),
  by: By.default('write'),
});

const Command = z.strictObject({
  name: Slug.optional().meta(
    describe("Name of the launcher; the workflow's name if left out.", 'name: feature'),
  ),
  by: By.default('write'),
});

export const On = z.strictObject({
  label: z
    .union([Slug, Label])
    .optional()
    .meta(
      describe(
        'A label starts it.',
        'on: {label: {name: feature, items: [issue], consume: true, by: write}}',
      ),
    ),
  command: z
    .union([Slug, Command])
    .optional()
    .meta(describe('A comment starts it.', 'on: {command: {name: feature, by: write}}')),
  issue: z
    .strictObject({
      types: z
        .array(z.enum(['opened', 'reopened', 'edited', 'assigned']))
        .min(1)
        .default(['opened'])
        .meta(describe('Which events.', 'types: [opened]')),
      form: Text.optional().meta(describe('Only issues of this form.', 'form: bug.yml')),
      by: By.default('write'),
      profile: Text.optional().meta(
        describe('Permission profile of the run.', 'profile: read-only'),
      ),
    })
    .optional()
    .meta(
      describe(
        'An issue starts it. Not supported yet: no event of an issue does.',
        'on: {issue: {types: [opened], form: bug.yml, by: any, profile: read-only}}',
      ),
    ),
  pull_request: z
    .strictObject({
      types: z
        .array(
          z.enum(['opened', 'synchronize', 'reopened', 'ready_for_review', 'edited', 'labeled']),
        )
        .min(1)
        .default(['opened', 'synchronize', 'reopened', 'ready_for_review'])
        .meta(describe('Which events.', 'types: [opened]')),
      base: Patterns.optional().meta(describe('Target branches.', 'base: [main]')),
      paths: Patterns.optional().meta(
        describe('Only when one of these files changed.', 'paths: ["src/**"]'),
      ),
      paths_ignore: Patterns.optional().meta(
        describe('Not when only these changed.', 'paths_ignore: ["**/*.lock"]'),
      ),
      draft: z.boolean().default(false).meta(describe('Drafts too.', 'draft: true')),
      forks: z
        .enum(['none', 'diff-only', 'ok-to-run'])
        .default('diff-only')
        .meta(describe('What happens for forks.', 'forks: none')),
      incremental: z
        .boolean()
        .default(false)
        .meta(describe('Only what changed since the last assessed head.', 'incremental: true')),
    })
    .optional()
    .meta(
      describe(
        'A pull request starts it. Not supported yet: no event of one does.',
        'on: {pull_request: {types: [opened], base: [main], paths: ["src/**"], paths_ignore: ["**/*.lock"], draft: false, forks: diff-only, incremental: true}}',
      ),
    ),
  checks: z
    .strictObject({
      state: z
        .enum(['failing', 'passing', 'settled'])
        .meta(describe('State of the other checks.', 'state: failing')),
      on: z
        .enum(['own-heads', 'any'])
        .default('own-heads')
        .meta(describe('On our own branches or on any.', 'on: any')),
    })
    .optional()
    .meta(
      describe(
        'The state of checks starts it. Not supported yet: no check starts anything.',
        'on: {checks: {state: failing, on: own-heads}}',
      ),
    ),
  schedule: z
    .strictObject({
      cron: z
        .string()
        .regex(/^\S+(?: \S+){4}$/, 'five fields such as `0 6 * * 1-5`')
        .meta(describe('Five cron fields, in UTC.', 'cron: "0 6 * * 1-5"')),
      fuzz: Duration.optional().meta(describe('Spreads the start.', 'fuzz: 30m')),
      overlap: z
        .enum(['skip', 'queue'])
        .default('skip')
        .meta(describe('When the last one still runs.', 'overlap: skip')),
    })
    .optional()
    .meta(
      describe(
        'The clock starts it. Not supported yet: it starts nothing.',
        'on: {schedule: {cron: "0 6 * * 1-5", fuzz: 30m, overlap: skip}}',
      ),
    ),
  merge_group: z
    .enum(['carry-over', 'run', 'ignore'])
    .optional()
    .meta(
      describe(
        'What happens in a merge queue. Not supported yet: nothing does.',
        'on: {merge_group: carry-over}',
      ),
    ),
  after: z
    .strictObject({
      workflow: Slug.meta(describe('The workflow that ended.', 'workflow: triage')),
      outcome: z
        .array(z.enum(['ok', 'failed', 'escalated', 'cancelled']))
        .min(1)
        .default(['ok'])
        .meta(describe('How it ended.', 'outcome: [ok]')),
    })
    .optional()
    .meta(
      describe(
        'The end of another workflow starts it. Not supported yet: it starts nothing.',
        'on: {after: {workflow: triage, outcome: [ok]}}',
      ),
    ),
  deployment: z
    .strictObject({
      environment: Text.meta(describe('Name of the environment.', 'environment: production')),
    })
    .optional()
    .meta(
      describe(
        'Answers a custom deployment protection rule with a gate. Not supported yet: nothing answers it.',
        'on: {deployment: {environment: production}}',
      ),
    ),
  dispatch: z
    .boolean()
    .optional()
    .meta(
      describe(
        'May be started from a dashboard or an API. Not supported yet: there are none.',
        'on: {dispatch: true}',
      ),
    ),
});
export type On = z.infer<typeof On>;

export const SkipIf = z.strictObject({
  labels: z
    .array(Text)
    .optional()
    .meta(describe('The item has one of these labels.', 'labels: [no-bot]')),
  search: Text.optional().meta(
    describe(
      'A GitHub search has a hit in the repository; it says `is:issue` or `is:pr`.',
      'search: "is:pr is:open"',
    ),
  ),
  max_open_prs: Count.optional().meta(
    describe('This many pull requests of the app are open in the repository.', 'max_open_prs: 3'),
  ),
  unchanged_since_last: z
    .boolean()
    .optional()
    .meta(
      describe(
        'The last run succeeded, and neither the text nor the commit has changed since.',
        'unchanged_since_last: true',
      ),
    ),
});

export const Concurrency = z.strictObject({
  key: z
    .enum(['item', 'workflow', 'repository'])
    .default('item')
    .meta(
      describe(
        'What only one run at a time may work on; `repository` counts runs of any workflow.',
        'key: item',
      ),
    ),
  when_busy: z
    .enum(['queue', 'replace', 'refuse'])
    .default('queue')
    .meta(
      describe(
        'What a second start does: wait (one on each item), take the place of the run, or nothing.',
        'when_busy: refuse',
      ),
    ),
});

export const Limits = z.strictObject({
  per_user_hour: Count.optional().meta(
    describe(
      'Starts of this workflow by one person within an hour, in the repository.',
      'per_user_hour: 5',
    ),
  ),
  per_repo_day: Count.optional().meta(
    describe('Starts of this workflow within a day, in the repository.', 'per_repo_day: 40'),
  ),
});

export const Context = z.strictObject({
  min_integrity: z
    .enum(['write', 'read-known', 'any'])
    .default('write')
    .meta(
      describe(
        'Whose text the agents get to read: of people with write access, also of people with a merged pull request, or of anybody. What is said to start it counts as text of who says it.',
        'min_integrity: any',
      ),
    ),
  include: z
    .array(z.enum(['body', 'comments', 'linked_issues']))
    .default(['body'])
    .meta(
      describe(
        'Which text, besides the title. Not supported yet: `linked_issues` are left out.',
        'include: [body, comments]',
      ),
    ),
  max_bytes: Count.max(1_000_000)
    .default(60_000)
    .meta(describe('How much of it.', 'max_bytes: 60000')),
});

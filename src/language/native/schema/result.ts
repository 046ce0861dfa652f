import { z } from 'zod';
import { Amount, describe, FilePath, OutputName, StepId, Text } from './common.ts';

const JSON_TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const;

const ResultShort = z.strictObject({
  required_keys: z
    .array(Text)
    .default([])
    .meta(describe('Fields that must be there.', 'required_keys: [status, findings]')),
  key_types: z
    .record(Text, z.enum(JSON_TYPES))
    .default({})
    .meta(describe('JSON type of each field.', 'key_types: {findings: array}')),
  min_items: z
    .record(Text, Amount)
    .default({})
    .meta(describe('Least number of items of a list field.', 'min_items: {findings: 1}')),
});

const ResultSchema = z.strictObject({
  schema: z
    .record(z.string(), z.json())
    .meta(
      describe(
        'JSON Schema of the result; its root is an object.',
        'schema: {type: object, required: [status]}',
      ),
    ),
});

export const Result = z.union([ResultShort, ResultSchema]);
export type Result = z.infer<typeof Result>;

export const HandoffSpec = z.strictObject({
  name: OutputName.meta(describe('Field of the result that is passed on.', 'name: design_doc')),
  to: StepId.optional().meta(
    describe('Step that needs it; left out: every later step.', 'to: verify'),
  ),
  required: z
    .boolean()
    .default(true)
    .meta(
      describe(
        'Its absence stops the run unless `<name>_absence_reason` says why.',
        'required: false',
      ),
    ),
  path: z
    .boolean()
    .default(false)
    .meta(describe('It is the path of a file that must exist in the worktree.', 'path: true')),
});

export const VisibilitySpec = z.strictObject({
  mode: z
    .enum(['full', 'summary', 'none', 'auto'])
    .default('full')
    .meta(
      describe(
        'What later steps see: all, chosen fields, nothing, or a manifest when it is long.',
        'mode: summary',
      ),
    ),
  include: z.array(Text).default([]).meta(describe('Fields a summary keeps.', 'include: [status]')),
  exclude: z
    .array(Text)
    .default([])
    .meta(describe('Fields a summary leaves out.', 'exclude: [raw]')),
});

export const ReportSpec = z.array(FilePath);

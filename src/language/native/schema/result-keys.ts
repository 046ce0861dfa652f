import { z } from 'zod';
import { Count, describe, Text } from './common.ts';
import { HandoffSpec, ReportSpec, Result, VisibilitySpec } from './result.ts';
import { RunSpec } from './work.ts';

/** What a step delivers. */
export const RESULT_KEYS = {
  result: Result.optional().meta(
    describe(
      'Structured result the step has to deliver: a short form, or `schema` with a JSON Schema.',
      'result: {required_keys: [status], key_types: {findings: array}, min_items: {findings: 1}}',
    ),
  ),
  routing_fields: z
    .array(Text)
    .default([])
    .meta(
      describe(
        'Fields the flow depends on; a missing one is sent back to the agent.',
        'result: {required_keys: [scale]}\nrouting_fields: [scale]',
      ),
    ),
  status_field: Text.optional().meta(
    describe(
      'Field with one of the ten status words.',
      'result: {required_keys: [status]}\nstatus_field: status',
    ),
  ),
  handoffs: z
    .array(HandoffSpec)
    .default([])
    .meta(
      describe(
        'What must be passed on.',
        'result: {required_keys: [design_doc]}\nhandoffs: [{name: design_doc, path: true, required: true}]',
      ),
    ),
  visibility: VisibilitySpec.optional().meta(
    describe(
      'How much of the result later steps see, also inside what a group, foreach or call gives.',
      'visibility: {mode: summary, include: [status], exclude: [raw]}',
    ),
  ),
  report: ReportSpec.default([]).meta(
    describe(
      'Files the step writes for people, kept with the run. One it leaves as it was is asked for.',
      'report: [docs/design.md]',
    ),
  ),
  checks: z
    .array(
      z.strictObject({
        name: Text.meta(describe('What people see.', 'name: tests')),
        run: RunSpec.meta(
          describe('Command; its failure goes back to the same step.', 'run: config:test'),
        ),
        max: Count.max(10).default(3).meta(describe('How often.', 'max: 2')),
      }),
    )
    .default([])
    .meta(
      describe(
        'Commands that must pass after the step.',
        'access: edit\nchecks: [{name: tests, run: config:test, max: 2}]',
      ),
    ),
};

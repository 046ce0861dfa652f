import { z } from 'zod';
import { ConditionText, describe, FilePath, OutputName, StepId, Text } from './common.ts';

/** Who does the step. */
export const WHO_KEYS = {
  id: StepId.meta(describe('Unique name of the step.', 'id: research')),
  title: Text.max(100)
    .optional()
    .meta(describe('What people see instead of the id.', 'title: Look around')),
  agent: Text.optional().meta(describe('Persona that does the work.', 'agent: Researcher')),
  prompt: Text.optional().meta(
    describe(
      'Template of the prompt. `{{ task }}` is always there, earlier results by their `output` name.',
      'prompt: "Research {{ task }}"',
    ),
  ),
  prompt_file: FilePath.optional().meta(
    describe(
      'File of the workflow folder that holds the prompt.',
      'prompt_file: prompts/research.md',
    ),
  ),
};

/** When a step runs, and what it sees. */
export const FLOW_KEYS = {
  depends_on: z
    .array(StepId)
    .default([])
    .meta(
      describe(
        'Steps that must be done before. A step without any starts at once.',
        'depends_on: [first]',
      ),
    ),
  inputs: z
    .array(OutputName)
    .optional()
    .meta(
      describe(
        'Outputs this step sees, and no others. Each adds the dependency on the step that makes it.',
        'inputs: [first]',
      ),
    ),
  required_inputs: z
    .array(OutputName)
    .default([])
    .meta(
      describe(
        'Outputs it cannot do without: the step is skipped when one of them will never come.',
        'required_inputs: [first]',
      ),
    ),
  join: z
    .enum(['all', 'any'])
    .default('all')
    .meta(describe('Wait for all steps before it, or start with the first.', 'join: any')),
  when: ConditionText.optional().meta(
    describe('The step is skipped unless this holds.', 'when: first.scale == "large"'),
  ),
  output: OutputName.optional().meta(
    describe('Name of the result; the id if left out.', 'output: research_findings'),
  ),
  requires: z
    .array(Text)
    .default([])
    .meta(
      describe(
        'Tools or permissions it needs; missing ones skip an optional step and fail any other. Not for `gate`, `approval` and `noop`, which use none.',
        'requires: [bash]',
      ),
    ),
  optional: z
    .boolean()
    .default(false)
    .meta(describe('The run goes on when it fails, and people may skip it.', 'optional: true')),
  checkpoint: z
    .boolean()
    .default(false)
    .meta(
      describe(
        'When it fails, people are asked: retry, guide, override or stop.',
        'checkpoint: true',
      ),
    ),
  finally: z
    .boolean()
    .default(false)
    .meta(
      describe(
        'Runs at the end whatever happened, and cannot change the outcome.',
        'finally: true',
      ),
    ),
  once: z
    .boolean()
    .default(false)
    .meta(describe('Keeps its result when a loop goes over it again.', 'once: true')),
};

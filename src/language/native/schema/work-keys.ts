import { z } from 'zod';
import { describe, Text } from './common.ts';
import { AutoRun, CallSpec, Evaluate, GateSpec, Route, RunSpec } from './work.ts';

/** Kinds of work other than an agent, and what an answer leads to. */
export const WORK_KEYS = {
  run: RunSpec.optional().meta(
    describe(
      'A command in the worktree, without an agent.',
      'run: {line: config:test, timeout: 5m, max_output_bytes: 200000, allow: [npm], deny: [curl]}',
    ),
  ),
  auto_run: AutoRun.optional().meta(
    describe(
      'A registered function, without an agent.',
      'auto_run: {callable: git.diff_stat, kwargs: {limit: 5}, input_map: {base: first.base}, timeout: 30s}',
    ),
  ),
  commit: Text.optional().meta(
    describe(
      'Makes one commit of everything the steps before it left uncommitted. A template of its message.',
      'depends_on: [first]\ncommit: "feat: {{ first }}"',
    ),
  ),
  gate: GateSpec.optional().meta(
    describe(
      "Judges another step's result.",
      'gate: {of: first, criteria: {all_tests_pass: true, coverage: {min: 80}, "lint.errors": {max: 0}, summary: {exists: true}, verdict: {any_of: [pass, ok]}, suites: {all_of: [unit]}, notes: {contains: done}, mode: {equals: full}}, severity: error}',
    ),
  ),
  evaluate: Evaluate.optional().meta(
    describe(
      "Turns the agent's answer into pass or fail and says what follows.",
      'depends_on: [first]\nevaluate: {decision_field: verdict, on_pass: last, on_fail: first, max_retries: 2}',
    ),
  ),
  routes: z
    .array(Route)
    .min(1)
    .optional()
    .meta(
      describe(
        'The first route that fits decides what follows; without a fitting one the step fails.',
        'routes: [{contains: frontend, goto: last}, {when: result.scale == "small", goto: last}, {default: true, goto: last}]',
      ),
    ),
  call: CallSpec.optional().meta(
    describe(
      'Runs another workflow.',
      'call: {workflow: code-review, params: {focus: "{{ task }}"}, returns: {findings: report}}',
    ),
  ),
  noop: z
    .literal(true)
    .optional()
    .meta(describe('Does nothing: a place to meet.', 'depends_on: [first]\nnoop: true')),
};

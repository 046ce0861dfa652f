import type { DialectReader, Reading, Source } from '../dialect.ts';
import { problemAt } from '../report-problem.ts';
import { hasAny, isShape, stepsOf } from '../shape.ts';

const STEP_KEYS = ['persona', 'instruction', 'rules', 'edit', 'pass_previous_response'];
const TOP_KEYS = ['initial_step', 'max_steps', 'initial_movement', 'max_movements', 'movements'];

/** TAKT workflows, which are recognised but cannot be run yet. */
export const TAKT: DialectReader = {
  dialect: 'takt',
  recognises: (data) =>
    isShape(data) &&
    (hasAny(data, TOP_KEYS) ||
      stepsOf(data).some((step) => 'name' in step && !('id' in step) && hasAny(step, STEP_KEYS))),
  read: notYet,
};

function notYet({ path, data, positions }: Source): Reading {
  const [key = 'steps'] = TOP_KEYS.filter((name) => isShape(data) && name in data);
  const message =
    'this is a TAKT workflow (steps with `name`, `persona`, `instruction` and `rules`), which is not supported yet.';
  return {
    definitions: [],
    problems: [problemAt(path, positions.ofKey([key]), 'step-kind', message)],
  };
}

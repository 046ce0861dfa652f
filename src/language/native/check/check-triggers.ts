import type { DataPath } from '../../problems/positions.ts';
import type { On } from '../schema/triggers.ts';
import type { Workflow } from '../schema/workflow.ts';
import { type CheckContext, report, warn } from './check-context.ts';

/** What starts the workflow, and which parts of it nothing listens to yet. */
export function checkTriggers(spec: Partial<Workflow>, context: CheckContext): void {
  const { on } = spec;
  if (on !== undefined && Object.keys(on).length === 0) {
    const message =
      '`on` is empty, so nothing could start the workflow; leave it out for label and command.';
    report(context, { code: 'conflict', at: ['on'], key: true, message });
  }
  for (const [key, effect] of Object.entries(NOT_YET)) {
    if (on !== undefined && isSet(on, key)) notSupported(context, ['on', key], effect);
  }
  for (const [path, isUsed, effect] of PARTS_NOT_YET) {
    if (isUsed(spec)) notSupported(context, path, effect);
  }
}

/** Triggers by their key, and what their presence does not do. */
const NOT_YET: Readonly<Partial<Record<keyof On, string>>> = {
  issue: 'no event of an issue starts it',
  pull_request: 'no event of a pull request starts it',
  checks: 'no check starts it',
  schedule: 'the clock starts nothing',
  merge_group: 'merge queues start nothing',
  after: 'the end of another workflow starts nothing',
  deployment: 'deployments start nothing',
  dispatch: 'there is neither a dashboard nor an API to start it from',
};

type Part = readonly [DataPath, (spec: Partial<Workflow>) => boolean, string];

const PARTS_NOT_YET: readonly Part[] = [
  [
    ['context', 'include'],
    (spec) => spec.context?.include.includes('linked_issues') ?? false,
    'linked issues are not read',
  ],
];

function isSet(on: On, key: string): boolean {
  const value: unknown = Reflect.get(on, key);
  return value !== undefined && value !== false;
}

function notSupported(context: CheckContext, at: DataPath, effect: string): void {
  const message = `\`${at.join('.')}\` is not supported yet: ${effect}.`;
  warn(context, { code: 'not-supported', at, key: true, message });
}

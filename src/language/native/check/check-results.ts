import { nearest } from '../../problems/nearest.ts';
import type { DataPath } from '../../problems/positions.ts';
import type { Result } from '../schema/result.ts';
import type { Step } from '../schema/step.ts';
import { isFolderPath } from '../syntax/folder-path.ts';
import type { StepScope } from '../syntax/step-scope.ts';
import { type CheckContext, report } from './check-context.ts';
import { isTypeName, schemaFaults } from './json-schema-faults.ts';

/** Whether what a step must deliver can be delivered, and has the fields the flow depends on. */
export function checkResults(scope: StepScope, context: CheckContext): void {
  for (const { step, path } of scope.steps) {
    checkShort(step.result, path, context);
    checkSchema(step.result, path, context);
    checkHandoffs(step, path, context);
    checkReports(step, path, context);
    for (const [index, field] of step.routing_fields.entries()) {
      checkField(field, step.result, [...path, 'routing_fields', index], context);
    }
    if (step.status_field !== undefined) {
      checkField(step.status_field, step.result, [...path, 'status_field'], context);
    }
  }
}

/** Only a list has items to count. */
function checkShort(result: Result | undefined, path: DataPath, context: CheckContext): void {
  if (result === undefined || 'schema' in result) return;
  for (const name of Object.keys(result.min_items)) {
    const type = Object.hasOwn(result.key_types, name) ? result.key_types[name] : 'array';
    if (type === 'array') continue;
    const message = `\`${name}\` is of type ${type} by \`key_types\`; only an \`array\` has items.`;
    const at = [...path, 'result', 'min_items', name];
    report(context, { code: 'conflict', at, key: true, message });
  }
}

/** Without a result there is nothing to hand over by name. */
function checkHandoffs(step: Step, path: DataPath, context: CheckContext): void {
  if (step.result !== undefined || step.evaluate?.decision_field !== undefined) return;
  const index = step.handoffs.findIndex(({ required }) => required);
  if (index < 0) return;
  const message = `\`${step.handoffs[index]?.name}\` needs a \`result\` that has this field.`;
  report(context, { code: 'conflict', at: [...path, 'handoffs', index, 'name'], message });
}

function checkReports(step: Step, path: DataPath, context: CheckContext): void {
  for (const [index, file] of step.report.entries()) {
    const isPlain = isFolderPath(file) && !/[*?{}]/.test(file) && !file.startsWith('.git/');
    if (isPlain) continue;
    const message = `\`${file}\` is no file of the repository; name one by its path, such as docs/design.md.`;
    report(context, { code: 'bad-value', at: [...path, 'report', index], message });
  }
}

function checkSchema(result: Result | undefined, path: DataPath, context: CheckContext): void {
  if (result === undefined || !('schema' in result)) return;
  const base = [...path, 'result', 'schema'];
  const type = result.schema['type'];
  for (const { at, message } of schemaFaults(result.schema)) {
    report(context, { code: 'bad-value', at: [...base, ...at], message });
  }
  if (type === undefined || type === 'object' || !isTypeName(type)) return;
  const message = 'the root of a result is an object: `type: object`.';
  report(context, { code: 'conflict', at: [...base, 'type'], message });
}

function checkField(
  field: string,
  result: Result | undefined,
  at: DataPath,
  context: CheckContext,
): void {
  if (result === undefined) {
    const message = `\`${field}\` needs a \`result\` that has this field.`;
    return report(context, { code: 'conflict', at, message });
  }
  const fields = fieldsOf(result);
  const [first = ''] = field.split('.');
  if (fields === null || fields.includes(first)) return;
  const message = `the \`result\` of this step has no field \`${first}\`.`;
  report(context, { code: 'conflict', at, message, suggestion: nearest(first, fields) });
}

/** Null if any field may be there. */
function fieldsOf(result: Result): readonly string[] | null {
  if (!('schema' in result)) {
    const { required_keys: required, key_types: types, min_items: lists } = result;
    return [...required, ...Object.keys(types), ...Object.keys(lists)];
  }
  const { properties } = result.schema;
  if (typeof properties !== 'object' || properties === null) return null;
  return Array.isArray(properties) ? null : Object.keys(properties);
}

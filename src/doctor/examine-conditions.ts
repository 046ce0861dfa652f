import { nearest } from '../language/problems/nearest.ts';
import type { PlanNode } from '../plan/plan.ts';
import { type Chart, note } from './chart.ts';
import { explainNever, noField, placedAtoms } from './explain.ts';
import { type WrittenCondition, writtenConditions } from './written-conditions.ts';

/** Conditions that cannot hold, hold always, or ask for what is never there. */
export function examineConditions(chart: Chart): void {
  for (const written of writtenConditions(chart)) {
    if (!reportNever(chart, written)) reportFields(chart, written);
    if (written.self === null) reportAlways(chart, written);
  }
}

function reportNever(chart: Chart, { condition, at, self, asked }: WrittenCondition): boolean {
  const answer = asked === null ? undefined : chart.survey.asked.get(asked);
  if (answer === undefined || answer.held) return false;
  const { reason, suggestion } = explainNever(chart, condition, self);
  const message = `this condition can never hold: ${reason}.`;
  note(chart, { rule: 'never-holds', severity: 'error', at, message, suggestion });
  return true;
}

function reportAlways(chart: Chart, { at, asked }: WrittenCondition): void {
  const answer = asked === null ? undefined : chart.survey.asked.get(asked);
  if (answer === undefined || answer.failed) return;
  const message =
    'this condition always holds; leave it out, or ask for something that can differ.';
  note(chart, { rule: 'always-holds', severity: 'warning', at, message });
}

/** A field nobody promises may be there by chance; a condition should not rely on it. */
function reportFields(chart: Chart, { condition, at, self }: WrittenCondition): void {
  for (const { node, path, range } of placedAtoms(chart, condition, self)) {
    if (node === null || !range.isUnnamed) continue;
    const suggestion = nearest(path.split('.')[0] ?? path, fieldsOf(node));
    const message = `${noField(node, path)}; add it there, or ask for another one.`;
    note(chart, { rule: 'unknown-field', severity: 'warning', at, message, suggestion });
  }
}

export function fieldsOf(node: PlanNode): readonly string[] {
  const schema = 'result' in node ? node.result?.schema : undefined;
  const properties = schema?.['properties'];
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

import type { Step } from '../language/native/schema/step.ts';
import { outputsOf } from '../language/native/syntax/step-scope.ts';
import { nearest } from '../language/problems/nearest.ts';
import type { PlanNode } from '../plan/plan.ts';
import { rangeFor } from './answers.ts';
import type { Chart } from './chart.ts';
import { fieldsOf } from './examine-conditions.ts';
import { noField } from './explain.ts';
import type { Need } from './template-needs.ts';

/** Templates that read something that is not there every time their step runs. */
export function examineTemplates(chart: Chart): void {
  for (const { step } of chart.scope.steps) {
    if (!chart.survey.ran.has(step.id)) continue;
    for (const need of chart.needs.get(step.id) ?? []) {
      const reason = reasonFor(chart, step, need);
      if (reason !== null) report(chart, need, reason);
    }
  }
}

interface Reason {
  readonly rule: 'may-be-missing' | 'unknown-field';
  readonly why: string;
  readonly suggestion?: string | null;
  /** What to write instead; absent for a default value for when it is missing. */
  readonly instead?: string;
}

function reasonFor(chart: Chart, step: Step, { path }: Need): Reason | null {
  const [name = '', field] = path;
  if (name === 'loop_context' && field !== undefined) {
    return { rule: 'may-be-missing', why: '`loop_context` is null on the first visit of a step' };
  }
  const makers = chart.scope.steps.filter((other) => outputsOf(other.step).includes(name));
  const [maker] = makers;
  if (maker === undefined) return null;
  if (chart.survey.lacking.get(step.id)?.has(name) === true) {
    return { rule: 'may-be-missing', why: whyLacking(step, name, maker.step.id) };
  }
  if (makers.length > 1) return null;
  return memberReason(maker.step, name) ?? fieldReason(chart, maker.step, path);
}

function whyLacking(step: Step, name: string, maker: string): string {
  if (step.finally) return `this step also runs when \`${maker}\` never did`;
  if (step.join === 'any') return `this step starts with the first of those before it`;
  return `there are ways to this step on which nothing makes \`${name}\``;
}

/** A group can do without one of its members. */
function memberReason({ id, group }: Step, name: string): Reason | null {
  const member = group?.steps.find((one) => outputsOf(one).includes(name));
  if (group === undefined || member === undefined) return null;
  const isLoose = group.complete_when !== 'all' || group.on_member_failure === 'continue';
  if (!isLoose && member.when === undefined) return null;
  return { rule: 'may-be-missing', why: `group \`${id}\` can be done without \`${member.id}\`` };
}

function fieldReason(chart: Chart, maker: Step, path: readonly string[]): Reason | null {
  const [name = '', ...fields] = path;
  const node = chart.nodes.get(maker.id);
  if (node === undefined || node.output !== name || fields.length === 0) return null;
  if (fields.includes('*')) return null;
  if (node.disposition === 'optional') {
    const why = `step \`${maker.id}\` is optional, and has no fields when it fails or is skipped`;
    return { rule: 'may-be-missing', why };
  }
  return promiseReason(node, fields.join('.'));
}

function promiseReason(node: PlanNode, field: string): Reason | null {
  const contract = 'result' in node ? node.result : null;
  const measured = field.endsWith('.length') ? field.slice(0, -'.length'.length) : null;
  if (measured !== null && contract !== null) {
    const { types } = rangeFor(node, contract, measured);
    const isCounted = types?.every((type) => type === 'array' || type === 'string') ?? false;
    const why = 'lists and texts have no fields';
    const instead = `${node.output}.${measured} | length`;
    if (isCounted) return { rule: 'unknown-field', why, instead };
  }
  const range = rangeFor(node, contract, field);
  if (range.isUnnamed) {
    const suggestion = nearest(field.split('.')[0] ?? field, fieldsOf(node));
    return { rule: 'unknown-field', why: noField(node, field), suggestion };
  }
  return null;
}

function report(
  chart: Chart,
  { path, place, inside }: Need,
  { rule, why, suggestion, instead }: Reason,
): void {
  const name = path.filter((part) => part !== '*').join('.');
  const where = inside === null ? '' : `${inside}: `;
  const otherwise =
    instead === undefined ? `\`${name} | default("")\`, or ask with {% if %}` : `\`${instead}\``;
  const hint =
    typeof suggestion === 'string' ? ` Did you mean \`${suggestion}\`?` : ` Write ${otherwise}.`;
  chart.diagnoses.push({
    path: chart.definition.path,
    ...place,
    rule,
    severity: 'warning',
    message: `${where}\`${name}\` may not be there, and the step then fails: ${why}.${hint}`,
    ...(typeof suggestion === 'string' ? { suggestion } : {}),
  });
}

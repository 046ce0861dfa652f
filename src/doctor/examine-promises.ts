import type { PlacedStep } from '../language/native/syntax/step-scope.ts';
import { nearest } from '../language/problems/nearest.ts';
import type { DataPath } from '../language/problems/positions.ts';
import { ofKind, writes } from '../plan/kinds.ts';
import type { PlanNode } from '../plan/plan.ts';
import { rangeFor } from './answers.ts';
import { makersOf, splitHead } from './atoms.ts';
import { type Chart, note } from './chart.ts';
import { fieldsOf } from './examine-conditions.ts';
import { noField } from './explain.ts';

/** Keys that rely on something the step itself, or the one it names, never has. */
export function examinePromises(chart: Chart): void {
  for (const placed of chart.scope.steps) {
    reportItems(chart, placed);
    reportVisibility(chart, placed);
    reportCache(chart, placed);
    reportReports(chart, placed);
    reportIdleKeys(chart, placed);
    reportIsolation(chart, placed);
  }
}

function reportItems(chart: Chart, { step, path }: PlacedStep): void {
  const items = step.foreach?.items;
  if (typeof items !== 'string') return;
  const { head, rest } = splitHead(items.replace(/^outputs\./, ''));
  const maker = chart.nodes.get(makersOf(chart.drawn).get(head) ?? '');
  if (maker === undefined || rest === '') return;
  reportField(chart, maker, rest, [...path, 'foreach', 'items']);
}

/** Without a contract, an agent may answer with any fields, and a summary consists of those. */
function reportVisibility(chart: Chart, { step, path }: PlacedStep): void {
  const node = ofKind(chart.nodes.get(step.id), 'agent');
  if (node === null || node.result === null) return;
  for (const [index, field] of (step.visibility?.include ?? []).entries())
    reportField(chart, node, field, [...path, 'visibility', 'include', index]);
}

function reportField(chart: Chart, node: PlanNode, field: string, at: DataPath): void {
  const contract = 'result' in node ? node.result : null;
  if (!rangeFor(node, contract, field).isUnnamed) return;
  const suggestion = nearest(field.split('.')[0] ?? field, fieldsOf(node));
  const message = `${noField(node, field)}; add it there, or name another one.`;
  note(chart, { rule: 'unknown-field', severity: 'warning', at, message, suggestion });
}

function reportCache(chart: Chart, { step, path }: PlacedStep): void {
  const node = chart.nodes.get(step.id);
  if (!step.cache || node === undefined) return;
  const isReader = ofKind(node, 'agent') !== null && !writes(node);
  if (isReader) return;
  const message = `\`cache\` does nothing for step \`${step.id}\`: only the answer of an agent that does not write is used again.`;
  note(chart, {
    rule: 'no-effect',
    severity: 'warning',
    at: [...path, 'cache'],
    key: true,
    message,
  });
}

/** It has to write a report file, but its access lets it change none. */
function reportReports(chart: Chart, { step, path }: PlacedStep): void {
  const node = ofKind(chart.nodes.get(step.id), 'agent');
  if (node === null || node.report.length === 0 || writes(node)) return;
  const message = `step \`${step.id}\` can never finish: it has to write \`${node.report[0]}\`, and with \`access: ${node.access}\` it changes no file.`;
  note(chart, {
    rule: 'never-left',
    severity: 'error',
    at: [...path, 'report'],
    key: true,
    message,
  });
}

function reportIdleKeys(chart: Chart, { step, path }: PlacedStep): void {
  const { visibility, budget } = step;
  const idle = (at: DataPath, message: string): void =>
    note(chart, { rule: 'no-effect', severity: 'warning', at, key: true, message });
  for (const key of ['include', 'exclude'] as const) {
    if (visibility === undefined || visibility.mode === 'summary' || visibility[key].length === 0)
      continue;
    const at = [...path, 'visibility', key];
    idle(
      at,
      `\`${key}\` does nothing with \`mode: ${visibility.mode}\`; it chooses the fields of a \`summary\`.`,
    );
  }
  if (budget !== undefined && budget.max_tokens === undefined && budget.max_usd === undefined)
    idle([...path, 'budget'], '`budget` does nothing without `max_tokens` or `max_usd`.');
}

function reportIsolation(chart: Chart, { step, path }: PlacedStep): void {
  if (step.workspace !== 'isolated' || chart.graph !== 'main') return;
  const message = `\`workspace: isolated\` does nothing for step \`${step.id}\`, which is in no \`group\` or \`foreach\`: it writes to the worktree of the run. Write \`workspace: write\`, or put it into a \`group\` with what it runs beside.`;
  note(chart, { rule: 'no-effect', severity: 'warning', at: [...path, 'workspace'], message });
}

import { nearest } from '../language/problems/nearest.ts';
import { ofKind } from '../plan/kinds.ts';
import type { GateNode, Loop } from '../plan/plan.ts';
import { rangeFor } from './answers.ts';
import { type Chart, note } from './chart.ts';
import { fieldsOf } from './examine-conditions.ts';
import { noField } from './explain.ts';

/** Loops, gates and approvals that the run cannot get past, and limits that have no effect. */
export function examineWaysBack(chart: Chart): void {
  for (const loop of chart.drawn.loops) {
    if (Object.hasOwn(chart.scope.loops, loop.id)) reportLoop(chart, loop);
  }
  for (const node of chart.drawn.nodes) {
    const gate = ofKind(node, 'gate');
    if (gate !== null) reportGate(chart, gate);
  }
  reportApprovals(chart);
}

function reportLoop(chart: Chart, loop: Loop): void {
  const at = [...chart.scope.path, 'loops', loop.id];
  const answer = chart.survey.asked.get(`loop:${loop.id}`);
  if (answer !== undefined && !answer.failed) {
    const ends = loop.onExhaust === 'continue';
    const message = ends
      ? `this loop is taken after every answer of step \`${loop.from}\`, always ${loop.max} times.`
      : `this loop is taken after every answer of step \`${loop.from}\`, so the run never gets past it: after ${loop.max} rounds it ends there.`;
    note(chart, {
      rule: ends ? 'always-holds' : 'never-left',
      severity: ends ? 'warning' : 'error',
      at: [...at, 'trigger'],
      message,
    });
  }
  const rounds = chart.plan.policies.caps.visitsPerNode - 1;
  if (loop.max <= rounds) return;
  const message = `\`max: ${loop.max}\` is never reached: \`caps.visits_per_step\` ends the loop after ${rounds} rounds.`;
  note(chart, { rule: 'no-limit', severity: 'warning', at: [...at, 'max'], message });
}

function reportGate(chart: Chart, gate: GateNode): void {
  const placed = chart.scope.steps.find(({ step }) => step.id === gate.id);
  const subject = chart.nodes.get(gate.subject);
  if (placed === undefined || subject === undefined) return;
  const at = [...placed.path, 'gate', 'criteria'];
  const contract = 'result' in subject ? subject.result : null;
  for (const { path, op, value } of gate.criteria) {
    if (op === 'exists' && value === false) continue;
    if (!rangeFor(subject, contract, path).isUnnamed) continue;
    const suggestion = nearest(path.split('.')[0] ?? path, fieldsOf(subject));
    const message = `${noField(subject, path)}, so this criterion fails.`;
    const severity = gate.severity;
    note(chart, {
      rule: 'unknown-field',
      severity,
      at: [...at, path],
      key: true,
      message,
      suggestion,
    });
    return;
  }
  const answer = chart.survey.asked.get(`gate:${gate.id}`);
  if (answer === undefined || (answer.held && answer.failed)) return;
  const message = answer.held
    ? `gate \`${gate.id}\` always passes: no result of step \`${subject.id}\` fails its criteria.`
    : `gate \`${gate.id}\` can never pass: no result of step \`${subject.id}\` fulfils all its criteria.`;
  note(chart, {
    rule: answer.held ? 'always-holds' : 'never-left',
    severity: answer.held ? 'warning' : gate.severity,
    at,
    key: true,
    message,
  });
}

function reportApprovals(chart: Chart): void {
  for (const { step, path } of chart.scope.steps) {
    const { approvers, count = 1 } = step.approval ?? {};
    const { users = [], teams = [] } = approvers ?? {};
    const people = new Set(users.map((user) => user.toLowerCase())).size;
    if (people === 0 || teams.length > 0 || count <= people) continue;
    const message = `step \`${step.id}\` can never be approved: it asks for ${count} approvals, but only ${people} ${people === 1 ? 'person' : 'people'} may give them.`;
    const at = [...path, 'approval', 'count'];
    note(chart, { rule: 'never-left', severity: 'error', at, message });
  }
}

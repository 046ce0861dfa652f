import type { PlacedStep } from '../language/native/syntax/step-scope.ts';
import type { DataPath } from '../language/problems/positions.ts';
import type { Edge } from '../plan/plan.ts';
import type { PossibleAnswer } from './answers.ts';
import { type Chart, note } from './chart.ts';

/** Steps that nothing leads to, edges that are never taken, answers that lead nowhere. */
export function examineFlow(chart: Chart): void {
  for (const placed of chart.scope.steps) {
    reportWays(chart, placed);
    reportUnreachable(chart, placed);
    const answer = chart.survey.stranded.get(placed.step.id);
    if (answer !== undefined) reportStranded(chart, placed, answer);
  }
}

function reportWays(chart: Chart, { step, path }: PlacedStep): void {
  for (const edge of chart.drawn.edges.filter(({ from }) => from === step.id)) {
    if (edge.when.type === 'always' || chart.survey.asked.get(edge.id)?.held !== false) continue;
    const { at, name, hasCondition, isDefault } = wayOf({ step, path }, edge);
    if (hasCondition) continue;
    const message = `${name} to \`${edge.to}\` is never taken, whatever step \`${step.id}\` answers.`;
    note(chart, { rule: 'never-holds', severity: isDefault ? 'warning' : 'error', at, message });
  }
}

interface Way {
  readonly at: DataPath;
  readonly name: string;
  /** It is in the file as a condition, about which everything has already been said. */
  readonly hasCondition: boolean;
  /** A route for all other answers may be there to be on the safe side. */
  readonly isDefault: boolean;
}

/** Where the file says that one step may follow another, and what it is called there. */
function wayOf({ step, path }: PlacedStep, { to }: Edge): Way {
  const routes = step.routes ?? [];
  const index = routes.findIndex(({ goto }) => goto === to);
  if (index >= 0) {
    const isOnly = routes.filter(({ goto }) => goto === to).length === 1;
    const hasCondition = isOnly && routes[index]?.when !== undefined;
    const isDefault = routes[index]?.default === true;
    return { at: [...path, 'routes', index], name: 'the route', hasCondition, isDefault };
  }
  const at = [...path, 'evaluate'];
  const rest = { hasCondition: false, isDefault: false };
  const { on_pass: pass, on_fail: fail } = step.evaluate ?? {};
  if (pass === to) return { at: [...at, 'on_pass'], name: 'a pass', ...rest };
  if (fail === to) return { at: [...at, 'on_fail'], name: 'a fail', ...rest };
  return { at, name: 'the way', ...rest };
}

function reportUnreachable(chart: Chart, { step, path }: PlacedStep): void {
  const { survey, drawn } = chart;
  if (survey.ran.has(step.id) || !chart.nodes.has(step.id)) return;
  const at = [...path, 'id'];
  if (survey.due.has(step.id)) {
    if (survey.asked.get(`when:${step.id}`)?.held === false) return;
    const message = `step \`${step.id}\` never runs: no way makes all of ${quoted(step.required_inputs)}, which it requires.`;
    note(chart, { rule: 'unreachable', severity: 'error', at, message });
    return;
  }
  const before = drawn.edges.filter(({ to }) => to === step.id).map(({ from }) => from);
  const dead = before.filter((id) => !survey.ran.has(id));
  const reason =
    dead.length === before.length
      ? `${quoted(before)} never ${before.length === 1 ? 'runs' : 'run'} either`
      : `no way out of ${quoted(before.filter((id) => survey.ran.has(id)))} leads here`;
  const message = `step \`${step.id}\` is never reached: ${reason}.`;
  note(chart, { rule: 'unreachable', severity: 'error', at, message });
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function reportStranded(chart: Chart, { step, path }: PlacedStep, answer: PossibleAnswer): void {
  const shown = `\`${exampleOf(answer)}\``;
  if (step.routes !== undefined) {
    const byText = step.routes.some(({ contains }) => contains !== undefined);
    const message = `no route fits ${byText ? 'an answer without any of these words' : `the answer ${shown}`}, and the step then fails; add a route with \`default: true\`.`;
    const at = [...path, 'routes'];
    const severity = byText ? 'note' : 'warning';
    note(chart, { rule: 'dead-end', severity, at, key: true, message });
    return;
  }
  if (step.evaluate === undefined) return;
  const message = `when step \`${step.id}\` answers ${shown}, nothing follows and the run ends as if all were well; name a step in \`on_fail\`.`;
  note(chart, {
    rule: 'dead-end',
    severity: 'warning',
    at: [...path, 'evaluate'],
    key: true,
    message,
  });
}

const MAX_EXAMPLE = 80;

function exampleOf({ data, text }: PossibleAnswer): string {
  const example = data === null ? text : JSON.stringify(data);
  return example.length > MAX_EXAMPLE ? `${example.slice(0, MAX_EXAMPLE)}…` : example;
}

import type { Condition } from '../../../plan/condition.ts';
import type { Edge, Loop } from '../../../plan/plan.ts';
import { conditionNames, readCondition } from '../condition/read-condition.ts';
import type { LoopSpec } from '../schema/loops.ts';
import type { Step } from '../schema/step.ts';
import { isBeforeOrSame, type Link } from '../syntax/step-links.ts';
import type { CompileScope } from './compile-scope.ts';

const ALWAYS: Condition = { type: 'always' };

/** Forward edges of a scope: one per pair of steps, with the condition their links add up to. */
export function compileEdges(compile: CompileScope): readonly Edge[] {
  const pairs = new Map<string, Link[]>();
  for (const link of compile.links) {
    const id = `${link.from}->${link.to}`;
    pairs.set(id, [...(pairs.get(id) ?? []), link]);
  }
  return [...pairs].flatMap(([id, links]) => {
    const [first] = links;
    const from = compile.scope.steps.find(({ step }) => step.id === first?.from)?.step;
    if (first === undefined || from === undefined) return [];
    return [{ id, from: first.from, to: first.to, when: edgeCondition(from, links, compile) }];
  });
}

function edgeCondition(from: Step, links: readonly Link[], compile: CompileScope): Condition {
  if (from.evaluate !== undefined) return verdictCondition(from, links, compile);
  const routes = (from.routes ?? []).flatMap((route, index) =>
    route.goto === links[0]?.to ? [routeCondition(from, index, compile)] : [],
  );
  if (routes.length === 0) return ALWAYS;
  return routes.length === 1 && routes[0] !== undefined ? routes[0] : { type: 'any', of: routes };
}

/** Without `on_pass` a pass leads on everywhere; with it, the other steps are for a fail. */
function verdictCondition(from: Step, links: readonly Link[], compile: CompileScope): Condition {
  const pass = passCondition(from, compile);
  const fail: Condition = { type: 'not', of: pass };
  if (links.some(({ cause }) => cause === 'pass')) return pass;
  if (links.some(({ cause }) => cause === 'fail')) return fail;
  return from.evaluate?.on_pass === undefined ? pass : fail;
}

function passCondition(step: Step, compile: CompileScope): Condition {
  const field = step.evaluate?.decision_field;
  if (field !== undefined) {
    return {
      type: 'field',
      path: field,
      op: 'in',
      value: ['pass', 'PASS', 'Pass', 'passed', true],
    };
  }
  return conditionAfter(step.evaluate?.condition ?? '', step, compile);
}

/** The route matches and none before it does. The default matches if no other route does. */
function routeCondition(from: Step, index: number, compile: CompileScope): Condition {
  const routes = from.routes ?? [];
  const route = routes[index];
  const others = routes.filter(
    (other, place) => other !== route && (route?.default === true || place < index),
  );
  const misses = others
    .filter((other) => other.default !== true)
    .map((other): Condition => ({ type: 'not', of: ownCondition(from, other, compile) }));
  const own =
    route === undefined || route.default === true ? [] : [ownCondition(from, route, compile)];
  const of = [...own, ...misses];
  return of.length === 1 && of[0] !== undefined
    ? of[0]
    : of.length === 0
      ? ALWAYS
      : { type: 'all', of };
}

function ownCondition(
  from: Step,
  route: NonNullable<Step['routes']>[number],
  compile: CompileScope,
): Condition {
  if (route.contains !== undefined) {
    return { type: 'text', op: 'contains', value: route.contains };
  }
  return conditionAfter(route.when ?? '', from, compile);
}

/** Loops of a scope: the named ones, and those an evaluator's earlier `on_fail` makes. */
export function compileLoops(compile: CompileScope): readonly Loop[] {
  const named = Object.entries(compile.scope.loops).map(([id, spec]) =>
    namedLoop(id, spec, compile),
  );
  const evaluated = compile.scope.steps.flatMap(({ step }) => {
    const to = step.evaluate?.on_fail;
    if (to === undefined || !isBeforeOrSame(to, step.id, compile.links)) return [];
    return [evaluatorLoop(step, to, compile)];
  });
  return [...named, ...evaluated];
}

function namedLoop(id: string, spec: LoopSpec, compile: CompileScope): Loop {
  const from = compile.scope.steps.find(({ step }) => step.id === spec.from)?.step;
  return {
    id,
    from: spec.from,
    to: spec.to ?? spec.from,
    trigger: from === undefined ? ALWAYS : conditionAfter(spec.trigger, from, compile),
    max: spec.max,
    cooldownMs: spec.cooldown ?? 0,
    costCeilingUsd: spec.cost_ceiling_usd ?? null,
    stopOnNoProgress: spec.stop_on_no_progress,
    onExhaust: spec.on_exhaust,
    workspace: spec.workspace,
  };
}

function evaluatorLoop(step: Step, to: string, compile: CompileScope): Loop {
  return {
    id: `${step.id}.on_fail`,
    from: step.id,
    to,
    trigger: { type: 'not', of: passCondition(step, compile) },
    max: step.evaluate?.max_retries ?? 3,
    cooldownMs: 0,
    costCeilingUsd: null,
    stopOnNoProgress: false,
    onExhaust: 'fail',
    workspace: 'keep',
  };
}

export function conditionBefore(text: string, step: Step, compile: CompileScope): Condition {
  return read(text, 'before', step, compile);
}

function conditionAfter(text: string, step: Step, compile: CompileScope): Condition {
  return read(text, 'after', step, compile);
}

function read(
  text: string,
  when: 'before' | 'after',
  step: Step,
  compile: CompileScope,
): Condition {
  const rest = { params: compile.params, partial: false };
  const result = readCondition(
    text,
    conditionNames(when, step, compile.scope, compile.links, rest),
  );
  // The file was checked when it was parsed, so a refusal here is a bug of ours.
  if (!result.ok) throw result.error;
  return result.condition;
}

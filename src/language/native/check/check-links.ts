import { nearest } from '../../problems/nearest.ts';
import type { DataPath } from '../../problems/positions.ts';
import type { Step } from '../schema/step.ts';
import {
  firstSegment,
  isBeforeOrSame,
  type Link,
  linksOf,
  producersOf,
} from '../syntax/step-links.ts';
import { outputNameOf, type PlacedStep, type StepScope, stepKindOf } from '../syntax/step-scope.ts';
import { type CheckContext, report } from './check-context.ts';

/** Whether every name leads to a step or output, and nothing waits for itself. */
export function checkLinks(scope: StepScope, context: CheckContext): readonly Link[] {
  const links = linksOf(scope);
  checkIds(scope, context);
  const outputs = [...producersOf(scope).keys(), ...scope.outerOutputs, ...scope.ghosts];
  for (const placed of scope.steps) {
    checkStepNames(placed, scope, context);
    checkOutputNames(placed, outputs, scope, context);
  }
  checkRevisions(scope, links, context);
  checkCycles(links, context);
  checkOutputOwners(scope, links, context);
  return links;
}

function checkIds(scope: StepScope, context: CheckContext): void {
  for (const { step, path } of scope.steps) {
    if (context.seenIds.has(step.id)) {
      const message = `there are two steps \`${step.id}\`; every step of a file needs an id of its own.`;
      report(context, { code: 'duplicate', at: [...path, 'id'], message });
    }
    context.seenIds.add(step.id);
  }
}

/** Every place in a step that names another step. */
function stepNames({ step, path }: PlacedStep): readonly { name: string; at: DataPath }[] {
  const optional: readonly (readonly [string | undefined, DataPath])[] = [
    [step.gate?.of, [...path, 'gate', 'of']],
    [step.approval?.of, [...path, 'approval', 'of']],
    [step.evaluate?.on_pass, [...path, 'evaluate', 'on_pass']],
    [step.evaluate?.on_fail, [...path, 'evaluate', 'on_fail']],
    ...(step.routes ?? []).map(
      (route, index) => [route.goto, [...path, 'routes', index, 'goto']] as const,
    ),
    ...step.handoffs.map(
      (handoff, index) => [handoff.to, [...path, 'handoffs', index, 'to']] as const,
    ),
  ];
  return [
    ...step.depends_on.map((name, index) => ({ name, at: [...path, 'depends_on', index] })),
    ...optional.flatMap(([name, at]) => (name === undefined ? [] : [{ name, at }])),
  ];
}

function revisionTarget(step: Step): string | undefined {
  const revise = step.approval?.revise;
  return revise === undefined || revise === false ? undefined : revise.to;
}

/** `/revise` sends work back, so only to what comes before. */
function checkRevisions(scope: StepScope, links: readonly Link[], context: CheckContext): void {
  for (const { step, path } of scope.steps) {
    const to = revisionTarget(step);
    if (to === undefined || scope.earlierIds.includes(to)) continue;
    const at = [...path, 'approval', 'revise', 'to'];
    const known = scope.steps.some(({ step: other }) => other.id === to);
    if (!known && !scope.outerIds.includes(to)) checkStepName(to, at, step.id, scope, context);
    else if (!context.partial && !isBeforeOrSame(to, step.id, links)) {
      const message = `work is sent back, but \`${to}\` does not come before \`${step.id}\`.`;
      report(context, { code: 'conflict', at, message });
    }
  }
}

function checkStepNames(placed: PlacedStep, scope: StepScope, context: CheckContext): void {
  for (const { name, at } of stepNames(placed))
    checkStepName(name, at, placed.step.id, scope, context);
}

export function checkStepName(
  name: string,
  at: DataPath,
  self: string | null,
  scope: StepScope,
  context: CheckContext,
): void {
  const ids = [...scope.steps.map(({ step }) => step.id), ...scope.ghosts];
  const dependsOnSelf = name === self && at.includes('depends_on');
  if (dependsOnSelf) {
    const message = `step \`${name}\` cannot depend on itself.`;
    report(context, { code: 'cycle', at, message });
  }
  if (ids.includes(name)) return;
  if (scope.outerIds.includes(name)) {
    const message = `step \`${name}\` is outside; let the step around this one depend on it.`;
    return report(context, { code: 'unknown-step', at, message });
  }
  const suggestion = nearest(
    name,
    ids.filter((id) => id !== self),
  );
  report(context, {
    code: 'unknown-step',
    at,
    message: `there is no step \`${name}\`.`,
    suggestion,
  });
}

function checkOutputNames(
  { step, path }: PlacedStep,
  names: readonly string[],
  scope: StepScope,
  context: CheckContext,
): void {
  const check = (name: string, at: DataPath): void => {
    if (names.includes(name) || context.partial) return;
    if (scope.itemNames.includes(name) || Object.hasOwn(context.params, name)) return;
    const suggestion = nearest(name, names);
    const code = at.includes('inputs') ? 'unknown-input' : 'unknown-output';
    report(context, { code, at, message: `no step has the output \`${name}\`.`, suggestion });
  };
  for (const [index, name] of (step.inputs ?? []).entries())
    check(name, [...path, 'inputs', index]);
  for (const [index, name] of step.required_inputs.entries()) {
    check(name, [...path, 'required_inputs', index]);
  }
  for (const [key, source] of Object.entries(step.auto_run?.input_map ?? {})) {
    if (source === 'params' || source.startsWith('params.')) continue;
    check(firstSegment(source), [...path, 'auto_run', 'input_map', key]);
  }
  const items = step.foreach?.items;
  if (typeof items === 'string') check(firstSegment(items), [...path, 'foreach', 'items']);
}

function checkCycles(links: readonly Link[], context: CheckContext): void {
  const done = new Set<string>();
  const visit = (id: string, trail: readonly string[]): void => {
    for (const link of links.filter((candidate) => candidate.from === id)) {
      const start = trail.indexOf(link.to);
      if (start >= 0 && link.from !== link.to) reportCycle(link, trail.slice(start), context);
      else if (!done.has(link.to) && link.from !== link.to) visit(link.to, [...trail, link.to]);
    }
    done.add(id);
  };
  for (const id of new Set(links.map((link) => link.from))) {
    if (!done.has(id)) visit(id, [id]);
  }
}

function reportCycle(link: Link, trail: readonly string[], context: CheckContext): void {
  const cycle = [...trail, link.to].map((id) => `\`${id}\``).join(' → ');
  const message = `these steps wait for each other: ${cycle}. Remove one dependency, or make the way back an entry of \`loops\`.`;
  report(context, { code: 'cycle', at: link.path, message });
}

/** Two steps may share an output only if one comes after the other, or if they do not both run. */
function checkOutputOwners(scope: StepScope, links: readonly Link[], context: CheckContext): void {
  const steps = scope.steps.filter(({ step }) => stepKindOf(step) !== null);
  const owners = new Map<string, PlacedStep[]>();
  for (const placed of steps) {
    const name = outputNameOf(placed.step);
    if (name === null) continue;
    if (Object.hasOwn(context.params, name)) reportParamClash(name, placed, context);
    const others = owners.get(name) ?? [];
    for (const other of others.filter((earlier) =>
      clashes(earlier.step, placed.step, scope, links),
    )) {
      const message = `steps \`${other.step.id}\` and \`${placed.step.id}\` both make the output \`${name}\` and may run at the same time; name one of them differently.`;
      report(context, { code: 'duplicate', at: outputPath(placed), message });
    }
    owners.set(name, [...others, placed]);
  }
}

function reportParamClash(name: string, placed: PlacedStep, context: CheckContext): void {
  const message = `\`${name}\` is a parameter already; name the output differently.`;
  report(context, { code: 'duplicate', at: outputPath(placed), message });
}

function outputPath({ step, path }: PlacedStep): DataPath {
  return [...path, step.output === undefined ? 'id' : 'output'];
}

function clashes(a: Step, b: Step, scope: StepScope, links: readonly Link[]): boolean {
  if (isBeforeOrSame(a.id, b.id, links) || isBeforeOrSame(b.id, a.id, links)) return false;
  return !isConditional(a, scope, links) && !isConditional(b, scope, links);
}

/** Whether the step, or one before it, is only reached in some cases. */
function isConditional(step: Step, scope: StepScope, links: readonly Link[]): boolean {
  const chosen = new Set(
    links
      .filter(({ cause }) => cause === 'route' || cause === 'pass' || cause === 'fail')
      .map(({ to }) => to),
  );
  return scope.steps.some(
    ({ step: other }) =>
      (other.when !== undefined || chosen.has(other.id)) &&
      isBeforeOrSame(other.id, step.id, links),
  );
}

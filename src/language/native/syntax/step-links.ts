import type { DataPath } from '../../problems/positions.ts';
import { outputsOf, type PlacedStep, type StepScope } from './step-scope.ts';

/** `to` cannot start before `from` is done. `path` is where the file says so. */
export interface Link {
  readonly from: string;
  readonly to: string;
  readonly path: DataPath;
  readonly cause: 'depends_on' | 'data' | 'route' | 'pass' | 'fail' | 'subject';
}

/** Every forward link of a scope. Names that lead nowhere are left out; they are reported elsewhere. */
export function linksOf(scope: StepScope): readonly Link[] {
  const producers = producersOf(scope);
  const ids = new Set(scope.steps.map(({ step }) => step.id));
  const links = scope.steps.flatMap((placed) => linksOfStep(placed, producers));
  const known = links.filter((link) => ids.has(link.from) && ids.has(link.to));
  return [...known, ...failLinks(scope, known, ids)];
}

/** Output name → ids of the steps that make it. */
export function producersOf(scope: StepScope): ReadonlyMap<string, readonly string[]> {
  const producers = new Map<string, string[]>();
  for (const { step } of scope.steps) {
    for (const name of outputsOf(step)) {
      producers.set(name, [...(producers.get(name) ?? []), step.id]);
    }
  }
  return producers;
}

function linksOfStep(
  { step, path }: PlacedStep,
  producers: ReadonlyMap<string, readonly string[]>,
): readonly Link[] {
  const { id } = step;
  const fromOutput = (name: string, at: DataPath): readonly Link[] =>
    (producers.get(name) ?? [])
      .filter((from) => from !== id)
      .map((from) => ({ from, to: id, path: at, cause: 'data' as const }));
  return [
    ...step.depends_on.map((from, index) => ({
      from,
      to: id,
      path: [...path, 'depends_on', index],
      cause: 'depends_on' as const,
    })),
    ...(step.inputs ?? []).flatMap((name, index) => fromOutput(name, [...path, 'inputs', index])),
    ...step.required_inputs.flatMap((name, index) =>
      fromOutput(name, [...path, 'required_inputs', index]),
    ),
    ...Object.entries(step.auto_run?.input_map ?? {}).flatMap(([key, source]) =>
      fromOutput(firstSegment(source), [...path, 'auto_run', 'input_map', key]),
    ),
    ...itemLinks({ step, path }, fromOutput),
    ...subjectLinks({ step, path }),
    ...(step.routes ?? []).map((route, index) => ({
      from: id,
      to: route.goto,
      path: [...path, 'routes', index, 'goto'],
      cause: 'route' as const,
    })),
    ...(step.evaluate?.on_pass === undefined
      ? []
      : [
          {
            from: id,
            to: step.evaluate.on_pass,
            path: [...path, 'evaluate', 'on_pass'],
            cause: 'pass' as const,
          },
        ]),
  ];
}

function itemLinks(
  { step, path }: PlacedStep,
  fromOutput: (name: string, at: DataPath) => readonly Link[],
): readonly Link[] {
  const items = step.foreach?.items;
  return typeof items === 'string'
    ? fromOutput(firstSegment(items), [...path, 'foreach', 'items'])
    : [];
}

function subjectLinks({ step, path }: PlacedStep): readonly Link[] {
  const subjects = [
    { from: step.gate?.of, path: [...path, 'gate', 'of'] },
    { from: step.approval?.of, path: [...path, 'approval', 'of'] },
  ];
  return subjects.flatMap(({ from, path: at }) =>
    from === undefined ? [] : [{ from, to: step.id, path: at, cause: 'subject' as const }],
  );
}

/** `on_fail` leads forward unless its target comes before: then it is a loop. */
function failLinks(
  scope: StepScope,
  links: readonly Link[],
  ids: ReadonlySet<string>,
): readonly Link[] {
  return scope.steps.flatMap(({ step, path }) => {
    const to = step.evaluate?.on_fail;
    if (to === undefined || !ids.has(to) || isBeforeOrSame(to, step.id, links)) return [];
    return [{ from: step.id, to, path: [...path, 'evaluate', 'on_fail'], cause: 'fail' as const }];
  });
}

export function isBeforeOrSame(earlier: string, later: string, links: readonly Link[]): boolean {
  return earlier === later || stepsBefore(later, links).has(earlier);
}

interface LinkIndex {
  readonly into: ReadonlyMap<string, readonly Link[]>;
  readonly ancestors: Map<string, ReadonlySet<string>>;
}

/** A cache: all of it follows from the links. */
const indexes = new WeakMap<readonly Link[], LinkIndex>();

function indexOf(links: readonly Link[]): LinkIndex {
  const known = indexes.get(links);
  if (known !== undefined) return known;
  const index: LinkIndex = { into: Map.groupBy(links, ({ to }) => to), ancestors: new Map() };
  indexes.set(links, index);
  return index;
}

/** Ids of every step that is done before this one starts. */
export function stepsBefore(id: string, links: readonly Link[]): ReadonlySet<string> {
  const { into, ancestors } = indexOf(links);
  const known = ancestors.get(id);
  if (known !== undefined) return known;
  const found = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { from } of into.get(next) ?? []) {
      if (found.has(from)) continue;
      found.add(from);
      open.push(from);
    }
  }
  ancestors.set(id, found);
  return found;
}

export function firstSegment(path: string): string {
  return path.replace(/^outputs\./, '').split('.')[0] ?? '';
}

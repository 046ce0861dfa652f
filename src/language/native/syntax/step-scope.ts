import type { DataPath } from '../../problems/positions.ts';
import type { LoopSpec } from '../schema/loops.ts';
import type { Step } from '../schema/step.ts';

export type StepKind =
  | 'agent'
  | 'run'
  | 'auto_run'
  | 'commit'
  | 'gate'
  | 'approval'
  | 'call'
  | 'group'
  | 'foreach'
  | 'noop';

export interface PlacedStep {
  readonly step: Step;
  readonly path: DataPath;
  /** Bad keys were taken out, so something may seem to be missing. */
  readonly mended?: boolean;
}

/** One list of steps with what is around it: the file itself, a group, or the members of a foreach. */
export interface StepScope {
  readonly steps: readonly PlacedStep[];
  readonly loops: Readonly<Record<string, LoopSpec>>;
  readonly path: DataPath;
  /** Ids of steps with a wrong shape; they exist, but nothing more is known about them. */
  readonly ghosts: readonly string[];
  /** Outputs visible from outside: those before the group or foreach. */
  readonly outerOutputs: readonly string[];
  /** Ids of the steps outside, for messages. */
  readonly outerIds: readonly string[];
  /** Those of them that are done before the group or foreach starts. */
  readonly earlierIds: readonly string[];
  /** Names a foreach gives its members. */
  readonly itemNames: readonly string[];
}

/** The steps of a file, with nothing around them. */
export function rootScope(steps: readonly PlacedStep[], loops: StepScope['loops']): StepScope {
  return {
    steps,
    loops,
    path: [],
    ghosts: [],
    outerOutputs: [],
    outerIds: [],
    earlierIds: [],
    itemNames: [],
  };
}

/** The key that says what a step does; null if there is none or more than one. */
export function stepKindOf(step: Step): StepKind | null {
  const kinds = kindsOf(step);
  return kinds.length === 1 ? (kinds[0] ?? null) : null;
}

export function kindsOf(step: Step): readonly StepKind[] {
  const present: readonly (readonly [StepKind, boolean])[] = [
    ['agent', step.agent !== undefined],
    ['run', step.run !== undefined],
    ['auto_run', step.auto_run !== undefined],
    ['commit', step.commit !== undefined],
    ['gate', step.gate !== undefined],
    ['call', step.call !== undefined],
    ['group', step.group !== undefined],
    ['foreach', step.foreach !== undefined],
    ['noop', step.noop === true],
  ];
  const kinds = present.filter(([, has]) => has).map(([kind]) => kind);
  const approves = step.requires_approval || step.approval !== undefined;
  return kinds.length === 0 && approves ? ['approval'] : kinds;
}

/** The name of a step's result for later steps; null for steps without one. */
export function outputNameOf(step: Step): string | null {
  const kind = stepKindOf(step);
  return kind === null || HAS_OUTPUT[kind] ? (step.output ?? step.id) : null;
}

const HAS_OUTPUT: Readonly<Record<StepKind, boolean>> = {
  agent: true,
  run: true,
  auto_run: true,
  commit: false,
  gate: false,
  approval: false,
  call: true,
  group: true,
  foreach: true,
  noop: false,
};

const outputs = new WeakMap<Step, readonly string[]>();

/** Its own output, and those of the members of a group. */
export function outputsOf(step: Step): readonly string[] {
  const known = outputs.get(step);
  if (known !== undefined) return known;
  const own = outputNameOf(step);
  const members = (step.group?.steps ?? []).flatMap(outputsOf);
  const names = own === null ? members : [own, ...members];
  outputs.set(step, names);
  return names;
}

/** Steps inside a group or foreach, as their own scope; `before` are the steps done before it. */
export function innerScope(
  placed: PlacedStep,
  outer: StepScope,
  visible: readonly string[],
  before: ReadonlySet<string>,
): StepScope | null {
  const { step, path } = placed;
  const spec = step.group ?? step.foreach;
  if (spec?.steps === undefined) return null;
  const key = step.group === undefined ? 'foreach' : 'group';
  return {
    steps: spec.steps.map((inner, index) => ({
      step: inner,
      path: [...path, key, 'steps', index],
    })),
    loops: spec.loops ?? {},
    path: [...path, key],
    ghosts: [],
    outerOutputs: visible,
    outerIds: [...outer.outerIds, ...outer.steps.map(({ step: other }) => other.id)],
    earlierIds: [...outer.earlierIds, ...before],
    itemNames: step.foreach === undefined ? outer.itemNames : [...outer.itemNames, step.foreach.as],
  };
}

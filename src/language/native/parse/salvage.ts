import { isRecord } from '../../../is-record.ts';
import { nearest } from '../../problems/nearest.ts';
import { MAX_STEPS } from '../schema/common.ts';
import { knownKeysAt } from '../schema/known-keys.ts';
import { Step } from '../schema/step.ts';
import { Workflow } from '../schema/workflow.ts';
import { type PlacedStep, rootScope, type StepScope } from '../syntax/step-scope.ts';
import { FOREIGN_KEYS } from './foreign-keys.ts';

/** What can be checked in a file. */
export interface Salvaged {
  readonly spec: Partial<Workflow>;
  readonly scope: StepScope;
  /** Some of the names and links of the file are not known. */
  readonly partial: boolean;
}

/** The sound parts of a badly shaped file, so that the rest of its problems are found at once. */
export function salvage(data: unknown): Salvaged {
  const raw = isRecord(data) ? data : {};
  const entries = Object.entries(Workflow.shape)
    .filter(([key]) => key !== 'steps')
    .flatMap(([key, schema]) => {
      const parsed = schema.safeParse(raw[key]);
      return parsed.success ? [[key, parsed.data] as const] : [];
    });
  const spec: Partial<Workflow> = Object.fromEntries(entries);
  const allSteps: readonly unknown[] = Array.isArray(raw['steps']) ? raw['steps'] : [];
  const rawSteps = allSteps.slice(0, MAX_STEPS);
  const mended = rawSteps.map(mend);
  const steps = mended.flatMap((step, index): readonly PlacedStep[] =>
    step.step === null
      ? []
      : [{ step: step.step, path: ['steps', index], mended: step.removed.length > 0 }],
  );
  const lost = rawSteps.filter((_, index) => mended[index]?.step === null);
  return {
    spec,
    scope: {
      ...rootScope(steps, spec.loops ?? {}),
      ghosts: lost.flatMap((step) => nameIn(step, 'id')),
      outerOutputs: lost.flatMap((step) => nameIn(step, 'output')),
    },
    partial:
      allSteps.length > MAX_STEPS ||
      lost.length > 0 ||
      mended.some(({ removed }) => removed.some(links)),
  };
}

interface Mended {
  readonly step: Step | null;
  readonly removed: readonly string[];
}

/** The step without its bad keys, if something sound is left of it. */
function mend(raw: unknown): Mended {
  const whole = Step.safeParse(raw);
  if (whole.success) return { step: whole.data, removed: [] };
  if (!isRecord(raw)) return { step: null, removed: [] };
  const removed = whole.error.issues.flatMap((issue) => {
    const atRoot = issue.code === 'unrecognized_keys' && issue.path.length === 0;
    return atRoot ? issue.keys : [String(issue.path[0])];
  });
  const sound = Object.entries(raw).filter(([key]) => !removed.includes(key));
  const listed = Object.entries(raw).flatMap(([key, value]) =>
    LISTS.has(key) && typeof value === 'string' ? [[key, [value]] as const] : [],
  );
  const again = Step.safeParse(Object.fromEntries([...sound, ...listed]));
  if (again.success) {
    return {
      step: again.data,
      removed: removed.filter((key) => !listed.some(([one]) => one === key)),
    };
  }
  const rest = Step.safeParse(Object.fromEntries(sound));
  return { step: rest.success ? rest.data : null, removed };
}

/** A single name in place of a list of names is still a name, and may lead to further problems. */
const LISTS = new Set(['depends_on', 'inputs', 'required_inputs']);

/** Keys that say what comes before what and what it is called. */
const LINKING = new Set(
  'id depends_on inputs required_inputs output evaluate routes gate approval auto_run group foreach'.split(
    ' ',
  ),
);

function links(key: string): boolean {
  const meant = FOREIGN_KEYS[key] ?? nearest(key, knownKeysAt(Step, []));
  return LINKING.has(key) || (meant !== null && LINKING.has(meant));
}

function nameIn(step: unknown, key: 'id' | 'output'): readonly string[] {
  const name = isRecord(step) ? step[key] : undefined;
  return typeof name === 'string' ? [name] : [];
}

import type { Workflow } from '../native/schema/workflow.ts';
import { type Door, type Entrance, entranceOf, reentranceOf } from '../native/syntax/entrances.ts';
import { plainName } from '../native/syntax/plain-name.ts';
import { nearest } from '../problems/nearest.ts';

/** A workflow that could be meant. */
export interface Candidate {
  readonly spec: Pick<Workflow, 'name' | 'on'>;
  /** From the repository itself: it takes precedence over one that comes with the app. */
  readonly own: boolean;
}

export type WorkflowChoice =
  | { readonly type: 'found'; readonly name: string; readonly entrance: Entrance }
  /** There is such a workflow, but it is not started by this name in this way. */
  | { readonly type: 'elsewhere'; readonly spec: Candidate['spec'] }
  /** Nobody can tell which is meant. */
  | { readonly type: 'several'; readonly names: readonly string[] }
  | { readonly type: 'unknown'; readonly suggestion: string | null };

/**
 * The workflow a word means at a door. `again` names one that ran before and so uses the workflow's
 * own name, as does `plan`, which starts nothing.
 */
export function chooseWorkflow(
  wanted: string,
  door: Door | 'again' | 'plan',
  candidates: readonly Candidate[],
): WorkflowChoice {
  const named = candidates.find(({ spec }) => isSame(spec.name, wanted));
  if (door === 'again' && named !== undefined) return found(named, reentranceOf(named.spec));
  const doors: readonly Door[] = door === 'again' ? [] : door === 'plan' ? ['command'] : [door];
  const open = candidates.flatMap((candidate) =>
    doors.flatMap((one) => {
      const entrance = entranceOf(candidate.spec, one);
      return entrance !== null && isSame(entrance.name, wanted) ? [{ candidate, entrance }] : [];
    }),
  );
  const own = open.filter(({ candidate }) => candidate.own);
  const [first, ...others] = own.length > 0 ? own : open;
  if (others.length > 0) {
    const all = own.length > 0 ? own : open;
    return { type: 'several', names: all.map(({ candidate }) => candidate.spec.name) };
  }
  if (first !== undefined) return found(first.candidate, first.entrance);
  if (named === undefined)
    return { type: 'unknown', suggestion: suggestionFor(wanted, doors, candidates) };
  if (door === 'plan') return found(named, reentranceOf(named.spec));
  return { type: 'elsewhere', spec: named.spec };
}

function found({ spec }: Candidate, entrance: Entrance): WorkflowChoice {
  return { type: 'found', name: spec.name, entrance };
}

function suggestionFor(
  wanted: string,
  doors: readonly Door[],
  candidates: readonly Candidate[],
): string | null {
  const names = candidates.flatMap(({ spec }) =>
    doors.flatMap((door) => entranceOf(spec, door)?.name ?? []),
  );
  return nearest(wanted, names) ?? null;
}

function isSame(left: string, right: string): boolean {
  return plainName(left) === plainName(right);
}

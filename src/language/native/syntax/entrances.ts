import { ROLES } from '../../../plan/roles.ts';
import type { StartRole } from '../schema/triggers.ts';
import type { Workflow } from '../schema/workflow.ts';

/** Ways a person starts a workflow by its name. */
export type Door = 'label' | 'command';

/** How and by whom a workflow is started in one of these ways. */
export interface Entrance {
  /** What the label or the command calls it. */
  readonly name: string;
  /** The lowest role that may start it. */
  readonly by: StartRole;
  readonly items: readonly ItemType[];
  /** The label is removed when the run starts. */
  readonly consume: boolean;
}
export type ItemType = 'issue' | 'pr';

type Named = Pick<Workflow, 'name' | 'on'>;

const EVERYWHERE: readonly ItemType[] = ['issue', 'pr'];

/** The workflow's entrance at this door; null if it has none. Without `on` it has both. */
export function entranceOf({ name, on }: Named, door: Door): Entrance | null {
  const open: Entrance = { name, by: 'write', items: EVERYWHERE, consume: true };
  if (on === undefined) return open;
  const given = on[door];
  if (given === undefined) return null;
  if (typeof given === 'string') return { ...open, name: given };
  return { ...open, ...given, name: given.name ?? name };
}

const LADDER: readonly StartRole[] = ['any', ...ROLES];

/**
 * Restarting what ran before, by a button or Re-run of its check: for whoever could start it
 * through the narrowest of its doors, and never for less than write access.
 */
export function reentranceOf(spec: Named): Entrance {
  const asked = (['label', 'command'] as const).map((door) => entranceOf(spec, door)?.by);
  const needs = Math.max(
    LADDER.indexOf('write'),
    ...asked.map((by) => (by === undefined ? -1 : LADDER.indexOf(by))),
  );
  return { name: spec.name, by: LADDER[needs] ?? 'admin', items: EVERYWHERE, consume: true };
}

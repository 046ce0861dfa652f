import type { Shape } from '../shape.ts';

/** Stands in for work that is not understood, so that the rest of the file can be checked. */
export const UNKNOWN: Shape = { auto_run: { callable: 'git.changed_files' } };

/** A step without the keys that say how it works. */
export function bare(step: Shape): Shape {
  const work = new Set(['agent', 'prompt', 'skill', 'workflow', 'extract', 'workers', 'routes']);
  return Object.fromEntries(Object.entries(step).filter(([key]) => !work.has(key)));
}

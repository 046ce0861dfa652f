import type { Visibility } from '../../plan/plan.ts';

/** Something that was said, possibly composed of what several steps said. */
interface Said<Part> {
  readonly name: string;
  readonly visibility: Visibility;
  readonly parts: readonly Part[];
}

const FIRST_LEVEL = 2;
const MAX_DEPTH = 6;

/** What the members of a group, foreach or sub-workflow said, under their names. */
export function composeText<Part extends Said<Part>>(
  parts: readonly Part[],
  textOf: (part: Part) => string,
  level = FIRST_LEVEL,
): string {
  return parts
    .filter(({ visibility }) => visibility.mode !== 'none')
    .map((part) => {
      const own =
        part.parts.length === 0 ? textOf(part) : composeText(part.parts, textOf, level + 1);
      const title = /^\d+$/.test(part.name) ? `Item ${Number(part.name) + 1}` : part.name;
      return `${'#'.repeat(Math.min(level, MAX_DEPTH))} ${title}\n\n${own}`;
    })
    .join('\n\n');
}

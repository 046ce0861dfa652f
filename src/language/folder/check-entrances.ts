import type { WorkflowDefinition } from '../native/syntax/definition.ts';
import { type Door, entranceOf } from '../native/syntax/entrances.ts';
import { plainName } from '../native/syntax/plain-name.ts';
import type { Problem } from '../problems/problem.ts';

const DOORS: readonly Door[] = ['label', 'command'];

/** Two workflows that one label or command would start: neither starts until one is renamed. */
export function checkEntrances(definitions: readonly WorkflowDefinition[]): readonly Problem[] {
  return DOORS.flatMap((door) => {
    const first = new Map<string, WorkflowDefinition>();
    return definitions.flatMap((definition): readonly Problem[] => {
      const entrance = entranceOf(definition.spec, door);
      if (entrance === null) return [];
      const name = plainName(entrance.name);
      const other = first.get(name);
      if (other === undefined) first.set(name, definition);
      return other === undefined ? [] : [taken(definition, other, { door, name })];
    });
  });
}

function taken(
  { path, positions, spec }: WorkflowDefinition,
  other: WorkflowDefinition,
  { door, name }: { readonly door: Door; readonly name: string },
): Problem {
  const isNamed = spec.on?.[door] !== undefined;
  return {
    path,
    ...positions.ofValue(isNamed ? ['on', door] : ['name']),
    code: 'duplicate',
    message: `the ${door} \`${name}\` starts \`${other.spec.name}\` in \`${other.path}\` too, so it starts neither; give one of them another name.`,
  };
}

import { templatesOf } from '../language/native/check/check-templates.ts';
import type { WorkflowDefinition } from '../language/native/syntax/definition.ts';
import { outputsOf, type PlacedStep } from '../language/native/syntax/step-scope.ts';
import type { DataPath, Position } from '../language/problems/positions.ts';
import { parseTemplate } from '../language/template/parse-template.ts';
import type { TextPosition } from '../language/template/template-ast.ts';
import { TemplateError } from '../language/template/template-error.ts';
import { findUses } from '../language/template/template-names.ts';

/** Something a step's template always reads, so that the step fails if it is missing. */
export interface Need {
  /** The variable and the fields named after it; an entry of `outputs` by its own name. */
  readonly path: readonly string[];
  readonly place: Position;
  /** The file it is read in, with its line there; null if it is in the workflow itself. */
  readonly inside: string | null;
}

/** What the templates of a step need, and those of its members that always run. */
export function needsOf(placed: PlacedStep, definition: WorkflowDefinition): readonly Need[] {
  const { step, path } = placed;
  const inner = step.group ?? step.foreach;
  const members = inner?.steps ?? [];
  const key = step.group === undefined ? 'foreach' : 'group';
  const isPlain = members.every(({ when, routes, evaluate }) => !(when ?? routes ?? evaluate));
  const names = new Set([...members.flatMap(outputsOf), step.foreach?.as ?? '', 'index']);
  const needsInside = isPlain
    ? members.flatMap((member, index) =>
        needsOf({ step: member, path: [...path, key, 'steps', index] }, definition),
      )
    : [];
  return [
    ...ownNeeds(placed, definition),
    ...needsInside.filter(({ path: [first = ''] }) => !names.has(first)),
  ];
}

function ownNeeds(placed: PlacedStep, definition: WorkflowDefinition): readonly Need[] {
  const { positions } = definition;
  const inline = templatesOf(placed).flatMap(({ text, at }) =>
    needsIn(text, definition, (place) => ({
      place: positions.inText(at, place.line, place.column),
      inside: null,
    })),
  );
  const { prompt_file: file } = placed.step;
  if (file === undefined) return inline;
  return [...inline, ...needsInFile(file, [...placed.path, 'prompt_file'], definition)];
}

type Locate = (place: TextPosition) => Pick<Need, 'place' | 'inside'>;

function needsInFile(file: string, at: DataPath, definition: WorkflowDefinition): readonly Need[] {
  const place = definition.positions.ofValue(at);
  return needsIn(definition.files[file] ?? '', definition, ({ line }) => ({
    place,
    inside: `${file}, line ${line}`,
  }));
}

function needsIn(
  text: string,
  definition: WorkflowDefinition,
  locate: Locate,
  trail: readonly string[] = [],
): readonly Need[] {
  const uses = usesIn(text);
  const own = uses.names
    .filter(({ guarded, always }) => always && !guarded)
    .map(({ path, at }) => ({ path: path[0] === 'outputs' ? path.slice(1) : path, ...locate(at) }));
  const included = uses.includes.flatMap(({ file, at, always }) => {
    if (!always || trail.includes(file)) return [];
    const inside = (place: TextPosition): Pick<Need, 'place' | 'inside'> => ({
      ...locate(at),
      inside: `${file}, line ${place.line}`,
    });
    return needsIn(definition.files[file] ?? '', definition, inside, [...trail, file]);
  });
  return [...own, ...included];
}

function usesIn(text: string): ReturnType<typeof findUses> {
  try {
    return findUses(parseTemplate(text));
  } catch (error) {
    // What cannot be parsed was reported with the file.
    if (error instanceof TemplateError) return { names: [], includes: [] };
    throw error;
  }
}

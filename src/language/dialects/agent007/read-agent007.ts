import { parseNative } from '../../native/parse/parse.ts';
import type { DialectReader, Reading, Source } from '../dialect.ts';
import { isShape, stepsOf } from '../shape.ts';
import { Notes } from './notes.ts';
import { isStepType } from './step-types.ts';
import { Translation } from './translation.ts';

/**
 * agent007's files. Most are native files as they are; those with typed steps or skills say some
 * things in other keys, which are translated before the file is read as a native one.
 */
export const AGENT007: DialectReader = {
  dialect: 'agent007',
  recognises: (data) => stepsOf(data).some((step) => isStepType(step['type']) || 'skill' in step),
  read,
};

function read(source: Source): Reading {
  const { path, folder } = source;
  const notes = new Notes(source);
  const data = isShape(source.data) ? new Translation(notes).whole(source.data) : source.data;
  const { files, personas } = folder;
  const parsed = parseNative(
    { data, positions: notes.places },
    {
      path,
      ...(personas === undefined ? {} : { personas }),
      readFile: (name) => (Object.hasOwn(files, name) ? files[name] : undefined),
    },
  );
  const own = notes.problems;
  if (!parsed.ok) return { definitions: [], problems: [...own, ...parsed.problems] };
  if (own.length > 0) return { definitions: [], problems: own };
  const { warnings } = notes;
  const definition = { ...parsed.definition, dialect: 'agent007' as const, warnings };
  return { definitions: [definition], problems: [] };
}

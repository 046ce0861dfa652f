import { parseNative } from '../../parse.ts';
import type { DialectReader, Reading, Source } from '../dialect.ts';
import { Places } from '../places.ts';
import { isShape, stepsOf } from '../shape.ts';
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
  const translation = new Translation(source, new Places(source.positions));
  const data = isShape(source.data) ? translation.whole(source.data) : source.data;
  if (translation.problems.length > 0) return { definitions: [], problems: translation.problems };
  const { files, personas } = folder;
  const parsed = parseNative(
    { data, positions: translation.places },
    {
      path,
      ...(personas === undefined ? {} : { personas }),
      readFile: (name) => (Object.hasOwn(files, name) ? files[name] : undefined),
    },
  );
  if (!parsed.ok) return { definitions: [], problems: parsed.problems };
  const { warnings } = translation;
  const definition = { ...parsed.definition, dialect: 'agent007' as const, warnings };
  return { definitions: [definition], problems: [] };
}

import { explainIssues } from '../../explain-issues.ts';
import type { Problem } from '../../problem.ts';
import type { DialectReader, Reading, Source } from '../dialect.ts';
import { finishDefinition } from '../finish-definition.ts';
import { Places } from '../places.ts';
import { type FoundUnit, findUnits } from './find-units.ts';
import { translateUnit } from './translate-unit.ts';
import { UNIT_FOREIGN_KEYS, Unit } from './unit-schema.ts';

/** work-buddy's workflow units: JSON, YAML, or Markdown with front matter. */
export const WORK_BUDDY: DialectReader = {
  dialect: 'work-buddy',
  recognises: (data) => findUnits(data).length > 0,
  read: (source) => {
    const readings = findUnits(source.data).map((found) => readUnit(source, found));
    return {
      definitions: readings.flatMap(({ definitions }) => definitions),
      problems: readings.flatMap(({ problems }) => problems),
    };
  },
};

function readUnit(source: Source, found: FoundUnit): Reading {
  const { path, positions, folder } = source;
  const places = new Places(positions);
  if (found.path.length > 0) places.move([], found.path);
  const parsed = Unit.safeParse(found.data);
  if (!parsed.success) {
    const problems = explainIssues(parsed.error.issues, {
      path,
      noun: 'unit',
      schema: Unit,
      data: found.data,
      positions: places,
      foreignKeys: UNIT_FOREIGN_KEYS,
    });
    return failed(problems);
  }
  const unit = translateUnit({ unit: parsed.data, found, source, places });
  if (unit.problems.length > 0) return failed(unit.problems);
  const { native, warnings } = unit;
  const finished = finishDefinition(
    { dialect: 'work-buddy', path, native, positions: places, warnings },
    { ...folder, readFile: noFile },
  );
  return finished.ok
    ? { definitions: [finished.definition], problems: [] }
    : failed(finished.problems);
}

/** Units name no files. */
function noFile(): undefined {
  return undefined;
}

function failed(problems: readonly Problem[]): Reading {
  return { definitions: [], problems };
}

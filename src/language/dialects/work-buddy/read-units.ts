import { explainIssues } from '../../native/parse/explain-issues.ts';
import type { Problem } from '../../problems/problem.ts';
import type { DialectReader, Reading, Source } from '../dialect.ts';
import { finishDefinition } from '../finish-definition.ts';
import { Places } from '../places.ts';
import { isShape } from '../shape.ts';
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
    return failed([...problems, ...otherProblems(source, found)]);
  }
  const unit = translateUnit({ unit: parsed.data, found, source, places });
  const { native, warnings } = unit;
  const finished = finishDefinition(
    { dialect: 'work-buddy', path, native, positions: places, warnings, words: WORDS },
    { ...folder, readFile: noFile },
  );
  if (!finished.ok) return failed([...unit.problems, ...finished.problems]);
  if (unit.problems.length > 0) return failed(unit.problems);
  return { definitions: [finished.definition], problems: [] };
}

const WORDS = {
  'Remove one dependency, or make the way back an entry of `loops`.': 'Remove one dependency.',
};

/** What can be said about the sound steps of a unit that has a wrong shape. */
function otherProblems(source: Source, found: FoundUnit): readonly Problem[] {
  const raw: unknown = found.data['steps'];
  const steps = Array.isArray(raw) ? raw : [];
  const texts: unknown = found.data['step_instructions'];
  return steps.flatMap((step: unknown, index) => {
    const alone = { steps: [step], ...(isShape(texts) && { step_instructions: texts }) };
    const parsed = Unit.safeParse(alone);
    if (!parsed.success) return [];
    const places = new Places(source.positions);
    const path = [...found.path, 'steps', index];
    const positions = new Places(source.positions).move([...found.path, 'steps', 0], path);
    const moved = { ...source, positions };
    return translateUnit({ unit: parsed.data, found, source: moved, places }).problems;
  });
}

/** Units name no files. */
function noFile(): undefined {
  return undefined;
}

function failed(problems: readonly Problem[]): Reading {
  return { definitions: [], problems };
}

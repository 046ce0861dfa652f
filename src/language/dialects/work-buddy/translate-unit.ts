import type { DataPath } from '../../problems/positions.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Source } from '../dialect.ts';
import { problemAt, warningAt } from '../report-problem.ts';
import { nameOfFile, workflowName } from '../workflow-name.ts';
import { readSections, type Sections } from './sections.ts';
import { StepTranslation } from './step-translation.ts';
import type { UnitRequest } from './unit-request.ts';
import type { Unit } from './unit-schema.ts';

export interface TranslatedUnit {
  readonly native: object;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** A unit in native keys: one step at a time, in one conversation unless it says otherwise. */
export function translateUnit(request: UnitRequest): TranslatedUnit {
  const { unit, found, source, places } = request;
  const sections = sectionsOf(request);
  const steps = new StepTranslation(request, sections);
  const native = {
    name: nameOf(request),
    description: unit.description,
    ...(contextOf(unit, sections) === '' ? {} : { instructions: contextOf(unit, sections) }),
    params: unit.params_schema,
    execution: unit.execution,
    max_parallel: 1,
    steps: unit.steps.map((step, index) => steps.translate(step, index)),
  };
  places.move(['params'], [...found.path, 'params_schema']);
  places.move(['name'], [...found.path, 'workflow_name']);
  const add = (at: DataPath, message: string): Problem =>
    warningAt(source.path, places.ofKey(at), 'conflict', message);
  const idle = [
    ...(unit.command === undefined
      ? []
      : [add(['command'], 'every workflow has a command of its own; `command` is not used.')]),
    ...(unit.available_when === undefined
      ? []
      : [add(['available_when'], 'there are no modes here, so `available_when` is not asked.')]),
  ];
  return {
    native,
    problems: [...strayProblems(source, sections), ...steps.problems],
    warnings: [...idle, ...steps.warnings],
  };
}

function sectionsOf({ unit, source }: UnitRequest): Sections {
  const ids = unit.steps.map(({ id }) => id);
  return source.body === null
    ? { steps: new Map(), context: '', strays: [] }
    : readSections(source.body, ids);
}

function nameOf({ unit, found, source }: UnitRequest): string {
  const given = unit.workflow_name ?? found.key;
  return (given === null ? null : workflowName(given)) ?? nameOfFile(source.file) ?? 'workflow';
}

function contextOf({ content }: Unit, { context }: Sections): string {
  const full = typeof content === 'string' ? content : (content?.full ?? '');
  return [full, context].filter((text) => text.trim() !== '').join('\n\n');
}

function strayProblems({ path }: Source, { strays }: Sections): readonly Problem[] {
  return strays.map(({ title, line, meant }) => {
    const at = { line, column: 1, endLine: line };
    return problemAt(path, at, 'unknown-step', `there is no step \`${title}\`.`, meant);
  });
}

import { expect, it } from 'vitest';
import { GATE_KINDS } from '#src/engine/state/run.ts';
import { KINDS } from '#src/plan/kinds.ts';
import { readSource, SOURCES } from '#test/support/architecture/import-graph.ts';

/** Rooms whose code meets nodes and gates; the language has kinds of its own for what a file says. */
const ROOMS = /^src\/(engine|doctor|render|steps|publish|verbs|runs|jobs)\//;

/** They ask for the kind of a report, which has the name of a kind of gate. */
const OF_REPORTS = ['src/runs/asked-times.ts', 'src/runs/posted-links.ts'];

it('no code asks for a kind of node or gate by its name: tables and switches answer for every kind', () => {
  const kinds = [...Object.keys(KINDS), ...GATE_KINDS].join('|');
  const comparison = new RegExp(
    `kind\\b\\)? *(===|!==|==|!=) *'(${kinds})'|'(${kinds})' *(===|!==)`,
  );

  const found = SOURCES.filter((file) => ROOMS.test(file) && !OF_REPORTS.includes(file)).flatMap(
    (file) =>
      readSource(file)
        .split('\n')
        .filter((line) => comparison.test(line))
        .map((line) => `${file}: ${line.trim()}`),
  );

  expect(found).toEqual([]);
});

it('no code keeps a set or a partial table of kinds, which a new kind would be missing from', () => {
  const kind = String.raw`(?:NodeKind|GateKind|StepKind|PlanNode\['kind'\]|Gate\['kind'\])`;
  const loose = new RegExp(String.raw`Set<${kind}>|Partial<Record<${kind}`);

  const found = SOURCES.flatMap((file) =>
    readSource(file)
      .split('\n')
      .filter((line) => loose.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );

  expect(found).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SOURCES } from '#test/support/architecture/import-graph.ts';

/** A table by its name, by the schema it is in, or by a variable that holds the schema. */
const A_TABLE_OF_PG_BOSS = /\bjob_common\b|\bpgboss"?\s*\.\s*(?!sluice_)|\$\{\s*schema\s*\}"?\./i;

/** Lines of code that name a table of pg-boss. An index of ours that an older version made there is none. */
function namesTable(text: string): string[] {
  return text.split('\n').filter((line) => A_TABLE_OF_PG_BOSS.test(line));
}

describe('the tables of pg-boss', () => {
  it('are named nowhere in src/', () => {
    const named = SOURCES.flatMap((file) =>
      namesTable(readFileSync(file, 'utf8')).map((line) => `${file}: ${line.trim()}`),
    );

    expect(named).toEqual([]);
  });

  it.each([
    "UPDATE pgboss.job SET state = 'retry'",
    'DELETE FROM "pgboss"."job"',
    'const TABLE = `${SCHEMA}.job`;',
    "const TABLE = 'job_common';",
  ])('would be found in: %s', (line) => {
    expect(namesTable(line)).toEqual([line]);
  });

  it('are in a schema that one file gives to pg-boss', () => {
    const naming = SOURCES.filter((file) => /['"`]pgboss['"`]/.test(readFileSync(file, 'utf8')));

    expect(naming).toEqual(['src/queue/boss.ts']);
  });
});

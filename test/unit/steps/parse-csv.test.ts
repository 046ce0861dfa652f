import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '#src/steps/items/parse-csv.ts';
import { parseItems } from '#src/steps/items/parse-items.ts';

describe('the rows of a CSV file', () => {
  it.each([
    ['a,b\n1,2\n', [{ a: '1', b: '2' }]],
    ['a,b\r\n1,2', [{ a: '1', b: '2' }]],
    ['a,b\r1,2', [{ a: '1', b: '2' }]],
    ['\uFEFFa\n1', [{ a: '1' }]],
    [' a \n 1 ', [{ a: ' 1 ' }]],
    ['a\n"x ""y"" z"', [{ a: 'x "y" z' }]],
    ['a,b\n"1\n2",3', [{ a: '1\n2', b: '3' }]],
    ['a,b\nx "y" z, "2"', [{ a: 'x "y" z', b: ' "2"' }]],
    ['a,b\n"x" y,2', [{ a: '"x" y', b: '2' }]],
    [
      'a,b\n1\n1,2,3',
      [
        { a: '1', b: '' },
        { a: '1', b: '2' },
      ],
    ],
    [',b\n1,2', [{ column_1: '1', b: '2' }]],
    ['a,a\n1,2', [{ a: '2' }]],
    ['\n\na\n\n1\n""\n,\n', [{ a: '1' }]],
    ['a', []],
    ['', []],
  ])('%j are %j', (text, rows) => {
    expect(parseCsv(text)).toEqual(rows);
  });

  it('may be named like anything', () => {
    const [row] = parseCsv('__proto__,constructor\n1,2\n');

    expect(Object.entries(row ?? {})).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });

  it('are what was written, whatever it was', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') });
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const row = fc.tuple(
      field.map((text) => `${text}.`),
      field,
    );

    fc.assert(
      fc.property(fc.array(row), fc.constantFrom('\n', '\r\n', '\r'), (rows, end) => {
        const lines = [['x', 'y'], ...rows].map((fields) => fields.map(quoted).join(','));

        expect(parseCsv(lines.join(end))).toEqual(rows.map(([x, y]) => ({ x, y })));
      }),
    );
  });

  it('cannot be told where a quote is never closed', () => {
    expect(parseItems('a,b\n1,2\n"3,4\n5,6\n', 'csv')).toEqual({
      ok: false,
      message: 'it cannot be read as CSV: a quotation mark is never closed',
    });
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const text = readFileSync(join(ROOT, 'docs/feature-table.md'), 'utf8');

interface Row {
  readonly number: number;
  readonly where: readonly string[];
  readonly proofs: readonly string[];
}

const rows: readonly Row[] = text
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => {
    const [, number = '', , where = '', proof = ''] = line.split(/(?<!\\) ?\| ?/);
    return {
      number: Number(number),
      where: [...where.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
      proofs: proof.split('<br>'),
    };
  });

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** The file of a reference and the title it names; null: the reference says that nothing proves it. */
function referenceOf(proof: string): { readonly file: string; readonly title: string } | null {
  if (proof.startsWith('**not yet**: ')) return null;
  const match = /^`([^`]+)`: (.+)$/.exec(proof);
  if (match === null) throw new Error(`This is no reference: ${proof}`);
  return { file: `test/${match[1] ?? ''}.test.ts`, title: (match[2] ?? '').replaceAll('\\|', '|') };
}

/** Whether a file has the title as a whole literal. */
function hasTitle(file: string, title: string): boolean {
  const source = existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : '';
  return [title, title.replaceAll("'", "\\'")].some((one) =>
    ["'", '"', '`'].some((quote) => source.includes(`${quote}${one}${quote}`)),
  );
}

describe('the table of features', () => {
  it('has every row about the language and the engine, once and in order', () => {
    const wanted = [...range(1, 79), ...range(87, 92), ...range(100, 116)];

    expect(rows.map(({ number }) => number)).toEqual(wanted);
  });

  it.each(rows)(
    'row $number names files that are there, unless nothing is',
    ({ where, proofs }) => {
      const missing = where.filter((path) => !existsSync(join(ROOT, path)));
      const isProven = proofs.some((proof) => proof.startsWith('`'));

      expect(missing).toEqual([]);
      expect(where.length > 0 || !isProven).toBe(true);
    },
  );

  it.each(rows)('row $number names tests that are there', ({ proofs }) => {
    const references = proofs.map(referenceOf).filter((reference) => reference !== null);

    const missing = references.filter(({ file, title }) => !hasTitle(file, title));

    expect(missing).toEqual([]);
  });

  it('counts its rows right', () => {
    const whole = rows.filter(({ proofs }) => proofs.every((proof) => proof.startsWith('`')));
    const none = rows.filter(({ proofs }) => proofs.every((proof) => !proof.startsWith('`')));
    const part = rows.length - whole.length - none.length;

    expect(text.replaceAll('\n', ' ')).toContain(
      `of ${rows.length} rows ${whole.length} are proven whole, ${part} in part, ${none.length} not at all`,
    );
  });
});

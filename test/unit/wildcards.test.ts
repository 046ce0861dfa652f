import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentsFit, wildcardFits } from '#src/wildcards.ts';

const RUNS = { numRuns: 2_000 };
const text = (unit: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(unit)), maxLength });
const escaped = (char: string) => char.replace(/[.*?]/, '\\$&');

/** The same by definition, for what is short enough not to take for ever. */
function segmentsByDefinition(pattern: readonly string[], path: readonly string[]): boolean {
  const [wanted, ...rest] = pattern;
  const [segment, ...others] = path;
  if (wanted === undefined) return segment === undefined;
  if (wanted === '**') {
    return (
      segmentsByDefinition(rest, path) ||
      (segment !== undefined && segmentsByDefinition(pattern, others))
    );
  }
  const source = wanted.replaceAll(/[^]/g, (char) => (char === '*' ? '.*' : char));
  const inside = new RegExp(`^${source.replaceAll('?', '.')}$`, 'u');
  return segment !== undefined && inside.test(segment) && segmentsByDefinition(rest, others);
}

describe('a pattern with wildcards', () => {
  it('fits a text as its definition says', () => {
    fc.assert(
      fc.property(text('aab*.', 8), text('aab.', 10), (pattern, subject) => {
        const source = pattern.replaceAll(/[^]/g, (char) => (char === '*' ? '.*' : escaped(char)));

        expect(wildcardFits(pattern, subject)).toBe(new RegExp(`^${source}$`).test(subject));
      }),
      RUNS,
    );
  });

  it('fits a path as its definition says', () => {
    const wanted = fc.oneof(fc.constant('**'), text('ab*?', 4));

    fc.assert(
      fc.property(
        fc.array(wanted, { maxLength: 5 }),
        fc.array(text('ab', 3), { maxLength: 5 }),
        (pattern, path) => {
          expect(segmentsFit(pattern, path)).toBe(segmentsByDefinition(pattern, path));
        },
      ),
      RUNS,
    );
  });

  it('takes a character for one, however it is stored', () => {
    expect(segmentsFit(['?.md'], ['😀.md'])).toBe(true);
  });

  it.each([
    ['*a'.repeat(400), 'a'.repeat(4_000)],
    ['**/a/'.repeat(300), 'a/'.repeat(2_000)],
    ['**/*a'.repeat(100), 'aa/'.repeat(1_000)],
  ])('is decided at once, where a backtracking engine would hang: %#', (pattern, path) => {
    expect(segmentsFit(`${pattern}b`.split('/'), `${path}c`.split('/'))).toBe(false);
    expect(wildcardFits(`${pattern}b`, `${path}c`)).toBe(false);
  });
});

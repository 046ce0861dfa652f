import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternMatches } from '#src/engine/read/pattern.ts';

describe('patterns of workflow files', () => {
  it.each([
    ['pass', 'it passed', true],
    ['^pass', 'it passed', false],
    ['ed$', 'it passed', true],
    ['p.ss', 'p\nss', false],
    ['a|b|c', 'xxc', true],
    ['^(?:ab)+$', 'ababab', true],
    ['^(ab|cd)*$', 'abcdab', true],
    ['^(ab|cd)*$', 'abc', false],
    ['colou?r', 'color', true],
    ['^a{2}$', 'aa', true],
    ['^a{2}$', 'aaa', false],
    ['^a{2,}$', 'aaaa', true],
    ['^a{1,2}$', 'aaa', false],
    ['^a{0,1}b$', 'b', true],
    ['[a-c]+', 'xyzb', true],
    ['^[^a-c]+$', 'xyz', true],
    ['^[]a]$', ']', true],
    ['^[a-]$', '-', true],
    ['^[\\d_]+$', '4_2', true],
    ['\\d+ (tests?) failed', '12 tests failed', true],
    ['\\D', '12', false],
    ['\\w\\W\\s\\S', 'a. b', true],
    ['a\\.b', 'a.b', true],
    ['a\\tb\\nc', 'a\tb\nc', true],
    ['\\[x\\]', '[x]', true],
    ['', 'anything', true],
    ['a+?b', 'aab', true],
    ['😀', 'so 😀', true],
    ['^\\é\\😀$', 'é😀', true],
    ['^\\\\é$', '\\é', true],
    ['\\bpass\\b', 'a pass!', true],
    ['\\bpass\\b', 'it passed', false],
    ['^a{$', 'a{', true],
    ['^(?<n>a)$', 'a', true],
    ['^\\pL+$', 'Größe', true],
  ])('%s on %j is %s', (pattern, text, expected) => {
    expect(patternMatches(pattern, text, false)).toBe(expected);
  });

  it.each([
    ['PASS', 'it passed', true, true],
    ['PASS', 'it passed', false, false],
    ['(?i)PASS', 'it passed', false, true],
    ['\\S', ' ', true, false],
    ['GRÖSSE', 'größe, grösse', true, true],
    ['\\D', '1', true, false],
  ])('%s on %j without regard to case (%s) is %s', (pattern, text, ignoreCase, expected) => {
    expect(patternMatches(pattern, text, ignoreCase)).toBe(expected);
  });

  it.each([
    ['(', '('],
    [')', ')'],
    ['a)', 'a)'],
    ['[', '['],
    ['[z-a]', 'z'],
    ['*a', '*a'],
    ['a{1000}', 'a'.repeat(1000)],
    ['a{3,1}', 'aa'],
    ['\\', '\\'],
    ['(a)\\1', 'aa'],
    ['(?=a)', 'a'],
    ['(?<!b)a', 'a'],
    ['(?>a)', 'a'],
    ['\\y', 'y'],
    ['(a{100}){100}', 'a'.repeat(10_000)],
    ['x'.repeat(501), 'x'.repeat(501)],
  ])('takes %s for nothing that is found', (pattern, text) => {
    expect(patternMatches(pattern, text, false)).toBe(false);
  });

  it('reads the first 50,000 characters', () => {
    expect(patternMatches('x', `${'a'.repeat(49_999)}x`, false)).toBe(true);
    expect(patternMatches('x', `${'a'.repeat(50_000)}x`, false)).toBe(false);
  });

  it('stays linear where a backtracking engine would hang', () => {
    const text = `${'a'.repeat(5_000)}!`;

    expect(patternMatches('^(a+)+$', text, false)).toBe(false);
    expect(patternMatches('^(a|a)*$', text, false)).toBe(false);
    expect(patternMatches('(.*a){20}$', text, false)).toBe(false);
    expect(patternMatches('(.?){60}x{60}(a|b|ab)*c', text, true)).toBe(false);
  });

  it('agrees with the built-in engine on everything it supports', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '(a|b)', '(?:ab)');
    const piece = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{1,2}'))
      .map((two) => two.join(''));
    const pattern = fc
      .tuple(fc.constantFrom('', '^'), fc.array(piece, { maxLength: 5 }), fc.constantFrom('', '$'))
      .map(([start, pieces, end]) => start + pieces.join('') + end);
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' '), maxLength: 12 });

    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        expect(patternMatches(source, subject, false)).toBe(new RegExp(source, 'u').test(subject));
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { fileMatcher } from '#src/steps/items/file-matcher.ts';

describe('a pattern of files', () => {
  it.each([
    ['docs/*.md', 'docs/a.md', true],
    ['docs/*.md', 'docs/a/b.md', false],
    ['docs/**/*.md', 'docs/a/b.md', true],
    ['docs/{a,b}/{c,d}.md', 'docs/b/c.md', true],
    ['{docs}/{a,b}.md', 'docs/b.md', true],
    ['docs/{a}.{md}', 'docs/a.md', true],
    ['docs/{a,{b,c}}.md', 'docs/c.md', true],
    ['docs/{a.md', 'docs/{a.md', true],
    ['/docs/*.md', 'docs/a.md', true],
    ['./docs/*.md', 'docs/a.md', true],
    ['docs/**', 'docs/a/b.md', true],
    ['docs/?.md', 'docs/a.md', true],
    ['docs/?.md', 'docs/ab.md', false],
    ['Docs/*.md', 'docs/a.md', false],
    ['*', '.env', false],
    ['*/a', '.github/a', false],
    ['.*', '.env', true],
    ['**/*.yml', '.github/a.yml', true],
    ['[ab].md', 'a.md', false],
    ['[ab].md', '[ab].md', true],
    ['+(a).md', 'aa.md', false],
    ['!a.md', 'b.md', false],
    ['{1..3}.md', '2.md', false],
  ])('%s and %s: %s', (glob, path, fits) => {
    expect(fileMatcher(glob)(path)).toBe(fits);
  });

  it('makes a thousand patterns of braces at most; what would be more stands for itself', () => {
    const choices = (count: number) =>
      `{${Array.from({ length: count }, (_, at) => at).join(',')}}`;

    const many = fileMatcher(`${choices(25)}/${choices(40)}.md`);
    const tooMany = `${choices(25)}/${choices(41)}.md`;

    expect(many('24/39.md')).toBe(true);
    expect(fileMatcher(tooMany)('24/40.md')).toBe(false);
    expect(fileMatcher(tooMany)(`24/${choices(41)}.md`)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { ownersOf, owningTeams, readCodeOwners } from '#src/language/folder/code-owners.ts';

describe('a pattern of CODEOWNERS', () => {
  it.each([
    ['*', 'src/a.ts', true],
    ['*.ts', 'src/deep/a.ts', true],
    ['*.ts', 'src/a.tsx', false],
    ['docs/', 'docs/a/b.md', true],
    ['docs/', 'src/docs/a.md', true],
    ['/docs/', 'src/docs/a.md', false],
    ['docs/*', 'docs/a.md', true],
    ['docs/*', 'docs/a/b.md', false],
    ['/src', 'src/a/b.ts', true],
    ['src/**/test', 'src/a/b/test/c.ts', true],
    ['src/**/test', 'src/test', true],
    ['**/logs', 'a/b/logs/x', true],
    ['src/?.ts', 'src/a.ts', true],
    ['src/?.ts', 'src/ab.ts', false],
    ['Docs/', 'docs/a.md', false],
  ])('%s fits %s: %s', (pattern, path, isFit) => {
    expect(ownersOf([{ pattern, owners: ['@a'] }], path)).toEqual(isFit ? ['@a'] : []);
  });

  it('with many gaps is decided at once', () => {
    const pattern = `${'*a'.repeat(200)}b`;

    expect(ownersOf([{ pattern, owners: ['@a'] }], 'a'.repeat(5000))).toEqual([]);
  });
});

describe('the owners of a path', () => {
  const rules = readCodeOwners(`# Everybody
* @octo/core   # else
/web/ @octo/web @alice
/web/vendor/
*.sql @octo/data
`);

  it.each([
    ['README.md', ['@octo/core']],
    ['web/a.ts', ['@octo/web', '@alice']],
    ['web/vendor/x.js', []],
    ['web/query.sql', ['@octo/data']],
  ])('of %s are those of the last rule that fits: %j', (path, owners) => {
    expect(ownersOf(rules, path)).toEqual(owners);
  });

  it('are counted by team, those of this organisation only', () => {
    const paths = ['README.md', 'web/a.ts', 'web/b.ts', 'x.sql'];

    expect(owningTeams(rules, paths, 'Octo')).toEqual(['web', 'core', 'data']);
    expect(owningTeams(rules, paths, 'other')).toEqual([]);
  });
});

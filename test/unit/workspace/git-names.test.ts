import { describe, expect, it } from 'vitest';
import { checkedRunId, isBranchName, isSha } from '#src/workspace/git/git-names.ts';

describe('isBranchName', () => {
  it.each(['main', 'sluice/1-feature-run1', 'release/1.2', 'a@b', 'grün', 'x-', '@x'])(
    'takes %s',
    (name) => expect(isBranchName(name)).toBe(true),
  );

  it.each([
    '',
    '-x',
    '--force',
    'HEAD',
    '@',
    'refs/heads/main',
    'a b',
    'a\tb',
    'a\nb',
    'a\0b',
    'a..b',
    'a@{1}',
    'a~1',
    'a^',
    'a:b',
    'a?b',
    'a*',
    'a[b',
    'a\\b',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.',
    'a.lock',
    'a.lock/b',
    'x'.repeat(201),
  ])('refuses %j', (name) => expect(isBranchName(name)).toBe(false));
});

describe('isSha', () => {
  it('takes forty lower-case hexadecimal digits and nothing else', () => {
    expect(isSha('0123456789abcdef0123456789abcdef01234567')).toBe(true);
    expect(isSha('0123456789ABCDEF0123456789abcdef01234567')).toBe(false);
    expect(isSha('abc')).toBe(false);
    expect(isSha(`${'a'.repeat(40)}\n`)).toBe(false);
  });
});

describe('checkedRunId', () => {
  it.each(['', '.', '..', 'a/b', 'a.b', '-x', 'a b', 'x'.repeat(65)])('refuses %j', (runId) => {
    expect(() => checkedRunId(runId)).toThrow(/id of a run/);
  });
});

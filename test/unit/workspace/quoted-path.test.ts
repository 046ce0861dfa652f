import { describe, expect, it } from 'vitest';
import { pathBytes, pathText } from '#src/workspace/git/quoted-path.ts';

describe('a path as git prints it', () => {
  it.each([
    ['src/main.js', 'src/main.js'],
    ['"with space"', 'with space'],
    [String.raw`"tab\there\nline"`, 'tab\there\nline'],
    [String.raw`"say \"hi\" \\ back"`, 'say "hi" \\ back'],
    [String.raw`"gr\303\274n.md"`, 'grün.md'],
    [String.raw`"caf\351"`, 'caf\ufffd'],
  ])('%s is %j', (printed, path) => expect(pathText(printed)).toBe(path));

  it('keeps bytes that are no UTF-8', () => {
    expect([...pathBytes(String.raw`"caf\351"`)]).toEqual([0x63, 0x61, 0x66, 0xe9]);
  });
});

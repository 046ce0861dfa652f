import { describe, expect, it } from 'vitest';
import { deniedPaths } from '#src/steps/path-refusal.ts';

describe('deniedPaths', () => {
  it.each([
    [{ allow: [], deny: [] }, []],
    [{ allow: ['src/**'], deny: [] }, ['docs/a.md', '.env']],
    [{ allow: [], deny: ['src/secret/**'] }, ['src/secret/key.ts']],
    [{ allow: ['src/**'], deny: ['src/secret/**'] }, ['src/secret/key.ts', 'docs/a.md', '.env']],
    [{ allow: [], deny: ['.env', '.env.*'] }, ['.env']],
  ])('%j keeps a step from %j', (rules, denied) => {
    const paths = ['src/a.ts', 'src/secret/key.ts', 'docs/a.md', '.env'];

    expect(deniedPaths(paths, rules)).toEqual(denied);
  });

  it('cannot be escaped by hiding a file', () => {
    expect(deniedPaths(['certs/.server.pem', '.x.pem'], { allow: [], deny: ['**/*.pem'] })).toEqual(
      ['certs/.server.pem', '.x.pem'],
    );
  });
});

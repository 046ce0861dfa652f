import { describe, expect, it } from 'vitest';
import { isProtected, refusalFor } from '#src/workspace/push.ts';

describe('refusalFor', () => {
  it.each([
    ['[rejected] (non-fast-forward)', 'non-fast-forward'],
    ['[rejected] (fetch first)', 'non-fast-forward'],
    ['[rejected] (stale info)', 'non-fast-forward'],
    [
      '[remote rejected] (refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission)',
      'workflow-files',
    ],
    ['[remote rejected] (protected branch hook declined)', 'protected-branch'],
    ['[remote rejected] (pre-receive hook declined)', 'remote-rejected'],
    ['', 'remote-rejected'],
  ])('reads %j as %s', (summary, reason) => {
    expect(refusalFor(summary, '')).toMatchObject({ status: 'refused', reason });
  });

  it('passes the words of the server on without believing them', () => {
    const refusal = refusalFor('[remote rejected] (hook declined)', 'remote: non-fast-forward');

    expect(refusal).toMatchObject({
      reason: 'remote-rejected',
      detail: expect.stringContaining('remote: non-fast-forward'),
    });
  });
});

describe('isProtected', () => {
  it.each([
    ['main', ['main'], true],
    ['MAIN', ['main'], true],
    ['main', ['refs/heads/main'], true],
    ['release/1', ['release/*'], true],
    ['release/1/2', ['release/*'], true],
    ['release', ['release/*'], false],
    ['maintenance', ['main'], false],
    ['axb', ['a.b'], false],
    ['sluice/1', [], false],
  ])('%s by %j: %s', (branch, patterns, expected) => {
    expect(isProtected(branch, patterns)).toBe(expected);
  });
});

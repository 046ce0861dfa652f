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

    expect(refusal).toMatchObject({ reason: 'remote-rejected', detail: 'non-fast-forward' });
  });

  it('leaves out the advice git has for somebody at a terminal', () => {
    const words = [
      'remote: error: GH013: Repository rule violations found for refs/heads/sluice/1.',
      'remote: ',
      'remote: - Commits must have verified signatures.        ',
      'To https://github.com/acme/api',
      ' ! [remote rejected] sluice/1 -> sluice/1 (push declined due to rules)',
      "error: failed to push some refs to 'https://github.com/acme/api'",
      'hint: Updates were rejected because the tip of your current branch is behind',
    ].join('\n');

    expect(refusalFor('[remote rejected] (push declined due to rules)', words).detail).toBe(
      'error: GH013: Repository rule violations found for refs/heads/sluice/1. - Commits must have verified signatures.',
    );
    expect(refusalFor('[remote rejected] (push declined due to rules)', 'hint: no').detail).toBe(
      'push declined due to rules',
    );
    expect(refusalFor('[rejected] (fetch first)', words).detail).toBe('');
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

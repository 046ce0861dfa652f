import { describe, expect, it } from 'vitest';
import { pushRefusal } from '#src/steps/push-refusal.ts';

describe('pushRefusal', () => {
  it.each([
    [
      'protected-branch',
      'protected branch hook declined',
      'Nothing was pushed to `sluice/1`: the branch is protected (protected branch hook declined). Take the protection off the branches of this app, or have it use another prefix, and resume the run.',
    ],
    [
      'non-fast-forward',
      '',
      'Nothing was pushed to `sluice/1`: somebody else has pushed to it since the step began. Resuming the run goes on from what is there now.',
    ],
    [
      'workflow-files',
      '.github/workflows/ci.yml',
      'Nothing was pushed to `sluice/1`: the step changed files below `.github/workflows`, which this app may not write (.github/workflows/ci.yml). Make that change by hand, and resume the run.',
    ],
    [
      'remote-rejected',
      'not on a Friday.',
      'Nothing was pushed to `sluice/1`: a rule of the repository refuses the commit (not on a Friday). Change the rule, or what the step commits, and resume the run.',
    ],
  ] as const)('says what happened, where and what next: %s', (reason, detail, message) => {
    const refusal = pushRefusal('sluice/1', { status: 'refused', reason, detail });

    expect(refusal).toMatchObject({ class: 'policy', reason, message });
  });
});

import { describe, expect, it } from 'vitest';
import { type CommitFacts, renderCommit } from '#src/render/pull/commit-message.ts';

const facts = (given: Partial<CommitFacts> = {}): CommitFacts => ({
  run: 'R2345ABC',
  step: 'implement',
  visit: 1,
  attempt: 2,
  headline: 'Add a token bucket to the public API.',
  starter: { login: 'dana' },
  ...given,
});

const subjectOf = (given: Partial<CommitFacts>) => renderCommit(facts(given)).subject;

describe('renderCommit', () => {
  it('has a conventional subject and trailers that lead back to the run', () => {
    expect(renderCommit(facts())).toEqual({
      subject: 'feat: add a token bucket to the public API',
      trailers: {
        'Sluice-Run': 'R2345ABC',
        'Sluice-Step': 'implement',
        'Sluice-Visit': '1',
        'Sluice-Attempt': '2',
      },
      coAuthors: [{ name: 'dana', email: 'dana@users.noreply.github.com' }],
    });
  });

  it.each([
    ['test-design', 'Cover the limiter', 'test: cover the limiter'],
    ['document-feature', 'README section', 'docs: README section'],
    ['rework', 'Handle bursts', 'fix: handle bursts'],
    ['build/refactor', 'Split the file', 'refactor: split the file'],
    ['implement', 'perf(api): cache the bucket', 'perf(api): cache the bucket'],
    ['implement', 'note: this is no type', 'feat: note: this is no type'],
    ['implement', '', 'feat: result of implement'],
  ])('of step %s and "%s" is "%s"', (step, headline, subject) => {
    expect(subjectOf({ step, headline })).toBe(subject);
  });

  it('keeps its subject to 72 characters', () => {
    const subject = subjectOf({ headline: 'a very long story '.repeat(20) });

    expect(subject.length).toBeLessThanOrEqual(72);
  });

  it('closes no issue, mentions nobody and links nowhere', () => {
    expect(subjectOf({ headline: 'Fixes #12 for @bob, see https://evil.example/x' })).toBe(
      'feat: fixes 12 for bob, see link',
    );
  });

  it('lets no name begin a trailer of its own', () => {
    const step = 'a\nSigned-off-by: eve <e@x>';

    const { subject, trailers } = renderCommit(facts({ step, headline: 'x\n\nFixes #1' }));

    expect(subject).toBe('feat: x Fixes 1');
    expect(trailers['Sluice-Step']).toBe('a_Signed-off-by__eve__e_x_');
  });

  it('names the account of the starter exactly, and leaves out what is none', () => {
    expect(renderCommit(facts({ starter: { login: 'dana', id: 7 } })).coAuthors).toEqual([
      { name: 'dana', email: '7+dana@users.noreply.github.com' },
    ]);
    expect(renderCommit(facts({ starter: { login: 'the schedule' } })).coAuthors).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { renderEndComment } from '#src/render/comment/end-comment.ts';
import type { ReportInput } from '#src/render/comment/report-input.ts';
import { minute, STATES } from '../report-builders.ts';

const withEnd = (input: ReportInput, endComment: ReportInput['settings']['endComment']) => ({
  ...input,
  settings: { ...input.settings, endComment },
});

describe('renderEndComment', () => {
  it('tells of a long run that people took part in', () => {
    expect(renderEndComment(STATES.warned)).toMatchInlineSnapshot(`
      "<!-- sluice1 inst=main kind=end run=R2345ABC key=2026-11-21T09:50:00.000Z -->
      ### ⚠️ feature · done with a warning: PR #482 is ready for review
      6 of 6 steps · 24m of work (26m waiting for people) · 212k tokens, $2.21 · [PR #482](https://github.com/acme/api/pull/482) · [run R2345ABC](https://github.com/acme/api/issues/214#issuecomment-30)
      Decisions: plan approved by lee (\`sha256:4be17a02…9c02\`)."
    `);
  });

  it('tells of a failure, what it was, and how to go on', () => {
    expect(renderEndComment(STATES.failed)).toMatchInlineSnapshot(`
      "<!-- sluice1 inst=main kind=end run=R2345ABC key=2026-11-21T09:20:00.000Z -->
      ### ❌ feature · failed at implement after 3 tries
      2 of 6 steps · run \`R2345ABC\`
      Stopped. \`implement\`: The agent ended with status 1. Finished steps keep their results.
      **You can:** \`/sluice retry implement\` or \`/sluice resume\`."
    `);
  });

  it('keeps quiet about a short success, and about one without people', () => {
    const { run } = STATES.warned;

    expect(
      renderEndComment({ ...STATES.warned, run: { ...run, settledAt: minute(20) } }),
    ).toBeNull();
    expect(renderEndComment({ ...STATES.warned, run: { ...run, gates: [] } })).toBeNull();
  });

  it('follows the wish of the installation for a success', () => {
    const short = { ...STATES.warned, run: { ...STATES.warned.run, settledAt: minute(20) } };

    expect(renderEndComment(withEnd(short, 'always'))).not.toBeNull();
    expect(renderEndComment(withEnd(STATES.warned, 'never'))).toBeNull();
    expect(renderEndComment(withEnd(STATES.failed, 'never'))).not.toBeNull();
  });

  it.each(['queued', 'running', 'waiting', 'cancelled'] as const)(
    'says nothing when a run is %s',
    (state) => {
      expect(renderEndComment(withEnd(STATES[state], 'always'))).toBeNull();
    },
  );
});

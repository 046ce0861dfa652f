import { describe, expect, it } from 'vitest';
import { renderEndComment } from '#src/render/comment/end-comment.ts';
import type { ReportInput } from '#src/render/comment/report-input.ts';
import { resultSections } from '#src/render/comment/result-sections.ts';
import { anInput, aPlan, aRun, done } from '../report-builders.ts';

const PLAN = aPlan({ security: [], style: [], report: ['security', 'style'], extra: ['security'] });

function reviewed(texts: Readonly<Record<string, string>>, facts = {}): ReportInput {
  const states = Object.fromEntries(Object.keys(texts).map((id) => [id, done(0, 1, 'Done.')]));
  const run = aRun(PLAN, states, { status: 'succeeded', headSha: null, ...facts });
  const outputs = Object.fromEntries(
    Object.entries(texts).map(([id, text]) => [
      id,
      { name: `the_${id}`, text, digest: null, size: text.length },
    ]),
  );
  return { ...anInput({ run, plan: PLAN }), outputs };
}

describe('resultSections', () => {
  it('shows what the last steps wrote, and nothing of those before them', () => {
    const input = reviewed({ security: 'S.', style: 'T.', report: 'All is well.' });

    expect(resultSections(input)).toEqual([
      '<details open><summary>the report</summary>\n\nAll is well.\n\n</details>',
    ]);
  });

  it('shows each of several last steps', () => {
    const input = reviewed({ security: 'S.', style: 'T.', report: 'R.', extra: 'E.' });

    expect(resultSections(input)).toHaveLength(2);
  });

  it('shows nothing of a run that has a pull request to look at, or did not succeed', () => {
    const texts = { security: 'S.', style: 'T.', report: 'R.' };

    expect(resultSections(reviewed(texts, { headSha: 'a'.repeat(40) }))).toEqual([]);
    expect(resultSections(reviewed(texts, { status: 'failed' }))).toEqual([]);
  });

  it('fits into a comment, whatever was written', () => {
    const text = '<b>@bob</b> fixes #1\n'.repeat(10_000);
    const comment = renderEndComment(reviewed({ report: text, extra: text })) ?? '';

    expect(comment.length).toBeLessThan(65_536);
    expect(comment).toContain('left out');
    expect(comment).not.toMatch(/@bob|fixes #1|<b>/);
  });
});

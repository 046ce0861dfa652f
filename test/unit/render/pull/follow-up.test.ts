import { describe, expect, it } from 'vitest';
import { renderEndComment } from '#src/render/comment/end-comment.ts';
import type { ReportInput } from '#src/render/comment/report-input.ts';
import { renderRunComment } from '#src/render/comment/run-comment.ts';
import { renderFollowUp } from '#src/render/pull/follow-up.ts';
import { renderPullRequest } from '#src/render/pull/pull-request.ts';
import { byteLength } from '#src/render/text/cut-text.ts';
import { aResult, STATES } from '../report-builders.ts';

const FOLLOW_UP = { number: 7, url: 'https://github.com/acme/api/issues/7' };

function withDebts(debts: readonly string[], input: ReportInput = STATES.warned): ReportInput {
  const root = input.run.frames['']!;
  const review = { ...root.nodes['security-review']!, result: aResult('Reviewed', { debts }) };
  const frames = { '': { ...root, nodes: { ...root.nodes, 'security-review': review } } };
  return { ...input, run: { ...input.run, frames } };
}

const linked = (input: ReportInput): ReportInput => ({
  ...input,
  links: { ...input.links, followUp: FOLLOW_UP },
});

describe('the issue with the technical debt of a run', () => {
  it('lists it to be ticked off, with where it comes from', () => {
    expect(renderFollowUp(withDebts(['src/a.ts:3: Slow for long lists.']))).toMatchInlineSnapshot(`
      {
        "body": "<!-- sluice1 inst=main kind=follow-up run=R2345ABC -->
      Found by run [\`R2345ABC\`](https://github.com/acme/api/issues/214#issuecomment-30) of feature on #214, with pull request #482. Nothing of it stood in the way. Tick what is paid off; close this issue if none of it is worth it.

      - [ ] src/a.ts:3: Slow for long lists. (\`security-review\`)

      <sub>sluice 1.0.0 · workflow \`.github/sluice/workflows/feature.yml\` at \`3f9c2e1\` · instance main</sub>",
        "title": "Technical debt: Rate limiting for the public API",
      }
    `);
  });

  it('is not wanted when nothing was found', () => {
    expect(renderFollowUp(STATES.warned)).toBeNull();
  });

  it('notifies nobody and closes nothing, whatever a model wrote', () => {
    const view = renderFollowUp(withDebts(['@acme/core fixes #1 <!-- x --> <b>']));

    expect(view?.body).not.toMatch(/@acme|fixes #1|<!-- x|<b>/);
  });

  it('names the first ones and counts the rest, and fits into an issue', () => {
    const body = renderFollowUp(
      withDebts(Array.from({ length: 90 }, (_, at) => `Debt ${at}`)),
    )?.body;

    expect(body?.match(/^- \[ \] /gm)).toHaveLength(50);
    expect(body).toContain('- …and 40 more, in the results');
    const long = Array.from({ length: 90 }, (_, at) => `${at}${'<b>'.repeat(200)}`);
    expect(byteLength(renderFollowUp(withDebts(long))?.body ?? '')).toBeLessThan(60_000);
  });
});

describe('technical debt in the reports of a run', () => {
  it('is a section of the pull request, which says where it is kept', () => {
    const input = withDebts(['Slow.']);

    expect(renderPullRequest(input).body).toContain(
      '**Technical debt**\n\n- Slow. (`security-review`)',
    );
    expect(renderPullRequest(linked(input)).body).toContain('**Technical debt, kept in #7**');
  });

  it('is linked from the run comment and the comment at the end', () => {
    const input = linked(withDebts(['Slow.']));

    const link = `[follow-up #7](${FOLLOW_UP.url})`;
    expect(renderRunComment(input)).toContain(link);
    expect(renderEndComment(input)).toContain(link);
    expect(renderEndComment(input)).not.toContain('Slow.');
  });

  it('is listed in the comment at the end where there is no pull request', () => {
    const input = withDebts(Array.from({ length: 25 }, (_, at) => `Debt ${at}`));
    const alone = { ...input, links: { ...input.links, pullRequest: null } };

    const body = renderEndComment(alone);

    expect(body).toContain('**Technical debt**\n\n- Debt 0 (`security-review`)');
    expect(body).toContain('- …and 5 more pieces of it');
  });
});

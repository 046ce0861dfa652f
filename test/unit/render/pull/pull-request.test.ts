import { describe, expect, it } from 'vitest';
import { renderPullRequest } from '#src/render/pull/pull-request.ts';
import { byteLength } from '#src/render/text/cut-text.ts';
import { anInput, aResult, aRun, done, HEAD, STATES, STORY } from '../report-builders.ts';

describe('renderPullRequest', () => {
  it('says what changed, who decided what, and what is open', () => {
    expect(renderPullRequest(STATES.warned)).toMatchInlineSnapshot(`
      {
        "body": "<!-- sluice1 inst=main kind=pull-request run=R2345ABC -->
      ## Rate limiting for the public API
      Closes #214 · run [\`R2345ABC\`](https://github.com/acme/api/issues/214#issuecomment-30) · workflow \`feature\`@\`3f9c2e1\` · requested by dana

      **What changed**

      - \`implement\`: Add a token bucket to the public API ([\`9d01aa7\`](https://github.com/acme/api/commit/9d01aa7c0ffee9d01aa7c0ffee9d01aa7c0ffee9))

      **Decisions**

      - \`plan\` approved by lee (\`sha256:4be17a02…9c02\`), 2026-11-21 09:14 UTC, [G1](https://github.com/acme/api/issues/214#issuecomment-31)

      **Open**

      - One query per row in a loop of up to 500 (\`performance-review\`)

      **Notes**

      - Cost: 212k tokens, $2.21

      <sub>Made by agents. Commits carry \`Sluice-Run: R2345ABC\` and the step they come from.</sub>
      <sub>sluice 1.0.0 · workflow \`.github/sluice/workflows/feature.yml\` at \`3f9c2e1\` · instance main</sub>",
        "closed": false,
        "draft": false,
        "title": "Rate limiting for the public API",
      }
    `);
  });

  it('stays a draft until the run has succeeded', () => {
    expect(renderPullRequest(STATES.running).draft).toBe(true);
    expect(renderPullRequest(STATES.failed).draft).toBe(true);
    expect(renderPullRequest(STATES.warned).draft).toBe(false);
  });

  it('closes the issue it is for, and no other', () => {
    const { context } = STATES.running;
    const subject = { ...context.subject, title: 'Fixes #1 for @acme/core' };

    const { title, body } = renderPullRequest({
      ...STATES.running,
      context: { ...context, subject },
    });

    expect(body.match(/(?:closes|fixes) #\d+/gi)).toEqual(['Closes #214']);
    expect(title).toBe('Fixes #\u200B1 for @\u200Bacme/core');
  });

  it('does not close a pull request it was started on', () => {
    const { context } = STATES.running;
    const subject = { ...context.subject, type: 'pull-request' as const };

    expect(
      renderPullRequest({ ...STATES.running, context: { ...context, subject } }).body,
    ).toContain('For #214');
  });

  it('stays below the 60,000 bytes of a description', () => {
    const result = aResult('x', {
      notes: Array.from({ length: 500 }, () => '<b>'.repeat(500)),
      openItems: Array.from({ length: 500 }, () => '名'.repeat(500)),
    });
    const run = aRun(STORY, { plan: done(0, 1, 'x', { result, commit: HEAD }) });

    expect(byteLength(renderPullRequest(anInput({ run })).body)).toBeLessThan(60_000);
  });
});

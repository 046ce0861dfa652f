import { describe, expect, it } from 'vitest';
import { renderRunComment } from '#src/render/comment/run-comment.ts';
import { byteLength } from '#src/render/text/cut-text.ts';
import {
  aGate,
  anInput,
  aPlan,
  aRecord,
  aResult,
  aRun,
  done,
  minute,
  STATES,
  STORY,
} from '../report-builders.ts';

/** The comment without the folds, which have tests of their own. */
const unfolded = (text: string) => text.replace(/<details>[\s\S]*?<\/details>\n\n/g, '');

describe('renderRunComment', () => {
  it('shows a run that has just started', () => {
    expect(renderRunComment(STATES.running)).toMatchInlineSnapshot(`
      "<!-- sluice1 inst=main kind=run run=R2345ABC -->
      ### 🔄 feature · running, step 3 of 6
      **Rate limiting for the public API** · run \`R2345ABC\` · started by dana with label \`sluice:feature\`

      | | Step | Result | Tries | Time | Cost |
      |---|---|---|---|---|---|
      | ✅ | requirements | 6 requirements, 2 assumptions, confidence high | 1 | 2m | 18k · $0.11 |
      | ✅ | plan | 7 tasks, 9 files | 1 | 6m | 18k · $0.11 |
      | 🔄 | implement | since 09:08:00 UTC | 1 |  |  |
      | ⬜ | security-review ∥ |  |  |  |  |
      | ⬜ | performance-review ∥ |  |  |  |  |
      | ⬜ | publish |  |  |  |  |

      **Now:** \`implement\` is running. **You can:** \`/cancel\`.

      <details><summary>Diagram</summary>

      \`\`\`mermaid
      flowchart LR
        n1["requirements"]:::ok
        n2["plan"]:::ok
        n3["implement"]:::run
        n4["security-review"]:::idle
        n5["performance-review"]:::idle
        n6["publish"]:::idle
        n1 --> n2
        n2 --> n3
        n3 --> n4
        n3 --> n5
        n4 --> n6
        n5 --> n6
        classDef idle fill:#f6f8fa,stroke:#8c959f,color:#1f2328
        classDef ok fill:#dafbe1,stroke:#1a7f37,color:#1f2328
        classDef run fill:#ddf4ff,stroke:#0969da,color:#1f2328
      \`\`\`

      </details>

      <details><summary>What happened (4)</summary>

      - 2026-11-21 09:00:00 run started · by dana
      - 09:00:00 \`requirements\` started
      - 09:02:00 \`requirements\` completed
      - 09:08:00 \`plan\` completed

      </details>

      <sub>sluice 1.0.0 · workflow \`.github/sluice/workflows/feature.yml\` at \`3f9c2e1\` · instance main</sub>"
    `);
  });

  it('18: shows which steps are quiet, and since when', () => {
    const text = renderRunComment({ ...STATES.running, quiet: { implement: minute(9) } });

    expect(text).toContain(
      '| 🔄 | implement | since 09:08:00 UTC · 🔇 quiet since 2026-11-21 09:09 UTC | 1 |',
    );
    expect(text).toContain(
      '**Now:** `implement` is running. `implement` has given no sign of life since 2026-11-21 09:09 UTC.',
    );
  });

  it('names the three steps that are quiet for longest', () => {
    const quiet = { e: minute(5), d: minute(4), c: minute(3), b: minute(2), a: minute(1) };

    expect(renderRunComment({ ...STATES.running, quiet })).toContain(
      [
        '`a` has given no sign of life since 2026-11-21 09:01 UTC.',
        '`b` has given no sign of life since 2026-11-21 09:02 UTC.',
        '`c` has given no sign of life since 2026-11-21 09:03 UTC.',
        '2 other steps neither.',
      ].join(' '),
    );
  });

  it('shows what is waited for, and the ways on', () => {
    expect(unfolded(renderRunComment(STATES.waiting))).toMatchInlineSnapshot(`
      "<!-- sluice1 inst=main kind=run run=R2345ABC -->
      ### ⏸️ feature · waiting for you: plan needs approval
      **Rate limiting for the public API** · run \`R2345ABC\` · started by dana with label \`sluice:feature\`

      | | Step | Result | Tries | Time | Cost |
      |---|---|---|---|---|---|
      | ✅ | requirements | 6 requirements, 2 assumptions, confidence high | 1 | 2m | 18k · $0.11 |
      | ⏸️ | plan | 7 tasks, 9 files · [gate G1](https://github.com/acme/api/issues/214#issuecomment-31) | 1 | 6m | 18k · $0.11 |
      | ⬜ | implement |  |  |  |  |
      | ⬜ | security-review ∥ |  |  |  |  |
      | ⬜ | performance-review ∥ |  |  |  |  |
      | ⬜ | publish |  |  |  |  |

      **Now:** [gate G1](https://github.com/acme/api/issues/214#issuecomment-31) on \`plan\` waits for somebody with write access until 2026-11-24 09:46 UTC. **You can:** \`/approve\`, \`/revise what to change\`, \`/deny reason\` or \`/cancel\`.

      <sub>sluice 1.0.0 · workflow \`.github/sluice/workflows/feature.yml\` at \`3f9c2e1\` · instance main</sub>"
    `);
  });

  it('shows an end with a warning', () => {
    expect(unfolded(renderRunComment(STATES.warned))).toMatchInlineSnapshot(`
      "<!-- sluice1 inst=main kind=run run=R2345ABC -->
      ### ⚠️ feature · done with a warning: PR #482 is ready for review
      **Rate limiting for the public API** · run \`R2345ABC\` · started by dana with label \`sluice:feature\` · [PR #482](https://github.com/acme/api/pull/482)

      | | Step | Result | Tries | Time | Cost |
      |---|---|---|---|---|---|
      | ✅ | requirements | 6 requirements, 2 assumptions, confidence high | 1 | 2m | 18k · $0.11 |
      | ✅ | plan | 7 tasks, 9 files · approved by lee | 1 | 6m | 18k · $0.11 |
      | ✅ | implement | Add a token bucket to the public API | 1 | 12m | 18k · $0.11 |
      | ✅ | security-review ∥ | no findings | 1 | 2m | 18k · $0.11 |
      | ⚠️ | performance-review ∥ | 2 debt, 3 notes | 1 | 3m | 18k · $0.11 |
      | ✅ | publish | Pull request is up to date | 1 | 1m | 18k · $0.11 |

      **Now:** finished; the pull request is yours to review. **You can:** \`/sluice run feature\`.

      <sub>sluice 1.0.0 · workflow \`.github/sluice/workflows/feature.yml\` at \`3f9c2e1\` · instance main</sub>"
    `);
  });

  it('shows a failure, what it blocks, and how to go on', () => {
    expect(unfolded(renderRunComment(STATES.failed))).toMatchInlineSnapshot(`
      "<!-- sluice1 inst=main kind=run run=R2345ABC -->
      ### ❌ feature · failed at implement after 3 tries
      **Rate limiting for the public API** · run \`R2345ABC\` · started by dana with label \`sluice:feature\`

      | | Step | Result | Tries | Time | Cost |
      |---|---|---|---|---|---|
      | ✅ | requirements | 6 requirements, 2 assumptions, confidence high | 1 | 2m | 18k · $0.11 |
      | ✅ | plan | 7 tasks, 9 files | 1 | 6m | 18k · $0.11 |
      | ❌ | implement | The agent ended with status 1. | 3 | 12m |  |
      | ⛔ | security-review ∥ | implement failed. |  |  |  |
      | ⛔ | performance-review ∥ | implement failed. |  |  |  |
      | ⛔ | publish | implement failed. |  |  |  |

      **Now:** stopped. \`implement\`: The agent ended with status 1. Finished steps keep their results. **You can:** \`/sluice retry implement\` or \`/sluice resume\`.

      <sub>sluice 1.0.0 · workflow \`.github/sluice/workflows/feature.yml\` at \`3f9c2e1\` · instance main</sub>"
    `);
  });

  it('shows who cancelled and why', () => {
    expect(unfolded(renderRunComment(STATES.cancelled))).toMatchInlineSnapshot(`
      "<!-- sluice1 inst=main kind=run run=R2345ABC -->
      ### 🚫 feature · cancelled by dana: wrong issue
      **Rate limiting for the public API** · run \`R2345ABC\` · started by dana with label \`sluice:feature\`

      | | Step | Result | Tries | Time | Cost |
      |---|---|---|---|---|---|
      | ✅ | requirements | 6 requirements, 2 assumptions, confidence high | 1 | 2m | 18k · $0.11 |
      | ✅ | plan | 7 tasks, 9 files | 1 | 6m | 18k · $0.11 |
      | 🚫 | implement | stopped | 1 | 1m |  |
      | ⬜ | security-review ∥ |  |  |  |  |
      | ⬜ | performance-review ∥ |  |  |  |  |
      | ⬜ | publish |  |  |  |  |

      **Now:** stopped. Its branch stays as it is. **You can:** \`/sluice resume\`.

      <sub>sluice 1.0.0 · workflow \`.github/sluice/workflows/feature.yml\` at \`3f9c2e1\` · instance main</sub>"
    `);
  });

  it('does not change while nothing happens', () => {
    const later = { ...STATES.running, now: minute(59) };

    expect(renderRunComment(later)).toBe(renderRunComment(STATES.running));
  });

  it('says that steps run side by side', () => {
    const busy = { status: 'running' as const, readyAt: minute(8), startedAt: minute(8) };
    const before = {
      requirements: done(0, 1, ''),
      plan: done(1, 2, ''),
      implement: done(2, 8, ''),
    };
    const run = aRun(STORY, { ...before, 'security-review': busy, 'performance-review': busy });

    const text = renderRunComment(anInput({ run }));

    expect(text).toContain('running, steps 4 to 5 of 6');
    expect(text).toContain('`security-review` and `performance-review` are running.');
  });

  it('shows the budget only where there is one', () => {
    const plan = {
      ...STORY,
      policies: {
        ...STORY.policies,
        budget: { maxTokens: 400_000, maxUsd: 5, alertPercent: [], onExceed: 'pause' as const },
      },
    };
    const { counters } = STATES.warned.run;
    const run = aRun(plan, {}, { counters });

    expect(renderRunComment(anInput({ plan, run }))).toContain(
      '**Budget** ▓▓▓▓▓░░░░░ 212k of 400k tokens · $2.21 of $5.00',
    );
    expect(renderRunComment(STATES.running)).not.toContain('Budget');
  });

  it('tells what was used of a budget', () => {
    const alerts = ['The run has used 80% of its budget.', 'plan has used 100% of its budget.'];
    const run = { ...aRun(STORY, {}), alerts };

    expect(renderRunComment(anInput({ run }))).toContain(
      '⚠️ The run has used 80% of its budget.\n⚠️ plan has used 100% of its budget.',
    );
  });

  it('says when a step is tried again', () => {
    const run = aRun(STORY, {
      requirements: {
        status: 'ready',
        attempt: 2,
        startedAt: minute(0),
        notBefore: minute(31),
        reason: { code: 'rate-limit', message: 'The model is busy.' },
      },
    });

    expect(renderRunComment(anInput({ run }))).toContain(
      '| ⏳ | requirements | The model is busy. · again at 09:31:00 UTC | 2 |',
    );
  });

  it('tells a denial from a failure', () => {
    const decision = {
      verdict: 'deny' as const,
      by: 'lee',
      at: minute(9),
      text: 'no',
      channel: 'github' as const,
    };
    const run = aRun(
      STORY,
      { plan: { status: 'failed', reason: { code: 'denied', message: 'lee denied it.' } } },
      {
        status: 'failed',
        reason: { code: 'denied', message: 'plan: lee denied it.' },
        gates: [aGate({ status: 'decided', decision })],
      },
    );

    const text = renderRunComment(anInput({ run }));

    expect(text).toContain('### ❌ feature · stopped: plan was denied by lee');
    expect(text).toContain('| ❌ | plan | denied by lee: no |');
    expect(text).toContain('**Now:** stopped. `plan`: denied by lee: no.');
  });

  it('folds what lies beyond 25 steps', () => {
    const ids = Array.from({ length: 40 }, (_, index) => `step-${index}`);
    const plan = aPlan(
      Object.fromEntries(ids.map((id, index) => [id, ids.slice(Math.max(0, index - 1), index)])),
    );

    const text = renderRunComment(anInput({ plan, run: aRun(plan) }));

    expect(text.indexOf('step-24')).toBeLessThan(text.indexOf('15 more steps'));
    expect(text.indexOf('| step-25')).toBeGreaterThan(text.indexOf('15 more steps'));
  });

  it('lists the steps of a sub-workflow below the step that called it', () => {
    const [build] = aPlan({ build: [] }).graphs['main']!.nodes;
    const base = aPlan({ plan: [], build: ['plan'] });
    const main = base.graphs['main']!;
    const plan = {
      ...base,
      graphs: {
        main: {
          ...main,
          nodes: [main.nodes[0]!, { ...build!, kind: 'call' as const, graph: 'child', params: {} }],
        },
        child: { ...aPlan({ compile: [], package: ['compile'] }).graphs['main']!, id: 'child' },
      },
    };
    const child = aRun({ ...plan, main: 'child' }).frames['']!;
    const root = aRun(plan, { build: { status: 'running', phase: 'members' } });
    const run = {
      ...root,
      frames: { ...root.frames, 'build/': { ...child, parent: 'build', parentVisit: 1 } },
    };

    const text = renderRunComment(anInput({ plan, run }));

    expect(text).toMatch(/\| build \|.*\n\| ⬜ \| ↳ compile \|.*\n\| ⬜ \| ↳ package \|/);
    expect(text).toContain('running, 0 of 3 steps done');
  });

  it('stays below 20,000 bytes whatever the run is like', () => {
    const ids = Array.from({ length: 300 }, (_, index) => `step-${index}-${'ü'.repeat(60)}`);
    const plan = aPlan(Object.fromEntries(ids.map((id) => [id, []])));
    const states = Object.fromEntries(
      ids.map((id) => [
        id,
        done(0, 1, '&'.repeat(10) + '<a>'.repeat(500), { result: aResult('名'.repeat(500)) }),
      ]),
    );
    const records = ids.map((id) => aRecord('node-failed', { node: id, detail: '@'.repeat(500) }));

    const text = renderRunComment(anInput({ plan, run: aRun(plan, states), records }));

    expect(byteLength(text)).toBeLessThanOrEqual(20_000);
    expect(text).toContain('**You can:**');
  });
});

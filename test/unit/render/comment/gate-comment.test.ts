import { describe, expect, it } from 'vitest';
import type { Gate } from '#src/engine/state/run.ts';
import { renderGateComment } from '#src/render/comment/gate-comment.ts';
import type { ReportInput } from '#src/render/comment/report-input.ts';
import { byteLength } from '#src/render/text/cut-text.ts';
import { aGate, HEAD, minute, STATES } from '../report-builders.ts';

function withGates(gates: readonly Gate[], facts: Partial<ReportInput> = {}): ReportInput {
  const { waiting } = STATES;
  return { ...waiting, run: { ...waiting.run, gates }, ...facts };
}

const render = (gate: Gate, facts: Partial<ReportInput> = {}) =>
  renderGateComment(withGates([gate], facts), gate);

describe('renderGateComment', () => {
  it('asks for a decision, with all it takes to make one', () => {
    expect(render(aGate())).toMatchInlineSnapshot(`
      "<!-- sluice1 inst=main kind=gate run=R2345ABC gate=G1 -->
      ### ⏸️ Decision needed: plan · run \`R2345ABC\`

      Anybody with write access can decide.

      **Is the scope right, and may the agent touch these files?**

      **If you approve:** \`implement\` (may change the code) starts. Nothing has been pushed so far.

      | What you approve | |
      |---|---|
      | Artefact | \`plan\` · \`sha256:4be17a02…9c02\` · 6,400 characters |
      | Why this gate opened | The workflow asks for approval. |
      | Valid until | 2026-11-24 09:46 UTC; it then expires and never approves by itself |

      <details open><summary>plan</summary>

      > #### Plan
      >
      > 1. Add a token bucket in \`src/limits\`
      > 2. Answer **429** with \`Retry-After\`
      >
      > \`\`\`ts
      > limit(100)
      > \`\`\`

      </details>

      | Reply | Effect |
      |---|---|
      | \`/approve\` | continue with the plan exactly as shown |
      | \`/revise what to change\` | back to \`plan\` with your words, 3 of 3 rounds left |
      | \`/edit <the whole new text, in a fenced block below>\` | goes on with your text instead of the result |
      | \`/deny reason\` | the run ends |

      <sub>More: \`/sluice help gate\`.</sub>"
    `);
  });

  it('names the commit it is bound to, and the buttons that decide it', () => {
    const gate = aGate({ subject: { ...aGate().subject, headSha: HEAD } });
    const { waiting } = STATES;

    const text = render(gate, { run: { ...waiting.run, gates: [gate], headSha: HEAD } });

    expect(text).toContain(
      `| Code | \`sluice/214-feature-R2345ABC\` @ [\`9d01aa7\`](https://github.com/acme/api/commit/${HEAD}) |`,
    );
    expect(text).toContain('Or use the buttons of the check run.');
    const pullRequest = { number: 7, url: 'https://github.com/acme/api/pull/7', draft: true };
    const linked = render(gate, {
      run: { ...waiting.run, gates: [gate], headSha: HEAD },
      links: { ...waiting.links, pullRequest },
    });
    expect(linked).toContain('[all changes](https://github.com/acme/api/pull/7/files)');
    expect(linked).toContain('[the check run](https://github.com/acme/api/pull/7/checks)');
    expect(text).not.toContain('Nothing has been pushed');
  });

  it('notifies the teams and people a gate names, unless that is switched off', () => {
    const gate = aGate({ approvers: { role: 'write', teams: ['core'], users: ['lee'], count: 2 } });
    const { settings } = STATES.waiting;

    expect(render(gate)).toContain('@acme/core, @lee: 2 of you can decide.');
    expect(render(gate, { settings: { ...settings, mention: 'none' } })).toContain(
      'acme/core, lee: 2 of you can decide.',
    );
  });

  it.each([
    ['deny', ', except dana who started this run.'],
    ['if_alone', ', except dana who started this run, unless nobody else can.'],
    ['allow', 'Anybody with write access can decide.'],
  ] as const)('with self_approve: %s it says "%s"', (selfApprove, words) => {
    expect(render(aGate({ selfApprove }))).toContain(words);
  });

  it.each([
    ['starter', 'dana who started this run, and anybody with write access can answer.'],
    ['author', 'who wrote this, and anybody with write access can answer.'],
  ] as const)('with questions from: %s it says who can answer', (answersFrom, words) => {
    const gate = aGate({ kind: 'question', verdicts: ['answer', 'deny'], answersFrom });

    expect(render(gate)).toContain(words);
  });

  it('inside a foreach it shows the item as a quotation, open and decided', () => {
    const gate = aGate({ item: 'No metrics, @acme/core.\n<img src=x>' });
    const decision = {
      verdict: 'approve',
      by: 'lee',
      at: minute(9),
      text: null,
      channel: 'github',
    } as const;

    const open = render(gate);
    const closed = render({ ...gate, status: 'decided', decision });

    expect(open).toContain('> No metrics, ');
    expect(closed).toContain('- About: No metrics, ');
    for (const text of [open, closed]) {
      expect(text).not.toContain('@acme/core');
      expect(text).not.toContain('<img');
    }
  });

  it('says what changed requirements do again, and shows them as a quotation', () => {
    const { waiting } = STATES;
    const plan = {
      ...waiting.plan,
      policies: { ...waiting.plan.policies, redesign: { to: 'requirements' } },
    };
    const root = waiting.run.frames['']!;
    const { plan: asked, implement } = root.nodes;
    const guidance = [{ by: 'bob', text: 'The @export **too**', at: minute(3) }];
    const loopContext = {
      loop: 'redesign',
      iteration: 1,
      max: 10,
      failures: [],
      guidance,
      previousAttempts: [],
    };
    const nodes = {
      ...root.nodes,
      plan: { ...asked!, loopContext },
      implement: { ...implement!, visit: 2 },
    };
    const run = { ...waiting.run, frames: { '': { ...root, nodes } } };

    const body = renderGateComment({ ...waiting, plan, run }, aGate());

    expect(body).toContain(
      '**The requirements have changed**, says bob. Still to be done again: `implement`. Commits made so far stay on the branch; what was not committed is dropped.\n\n> The ',
    );
    expect(body).not.toContain('@export');
    expect(body).toContain(
      '| `/redesign what is wanted now` | the requirements have changed: stops',
    );
  });

  it('shows an item that is no text as JSON', () => {
    expect(render(aGate({ item: '{"gap":"No metrics"}' }))).toContain('{"gap":"No metrics"}\n```');
  });

  it('counts the approvals it has', () => {
    const gate = aGate({
      approvers: { role: 'write', teams: [], users: [], count: 2 },
      votes: [{ by: 'lee', at: minute(9) }],
    });

    expect(render(gate)).toContain(
      'Anybody with write access can decide; it takes 2. Approved so far by lee (1 of 2).',
    );
  });

  it('offers no revision when its rounds are used up', () => {
    const gate = aGate({ round: 4, revise: { to: 'plan', left: 0, max: 3 } });

    expect(render(gate)).not.toContain('/revise');
    expect(render(gate)).toContain('Decision needed: plan (round 4)');
  });

  it('wants its name when another gate is open', () => {
    const [first, second] = [aGate(), aGate({ id: 'G2', node: 'requirements' })];

    const text = renderGateComment(withGates([first, second]), second);

    expect(text).toContain('| `/approve G2` |');
    expect(text).toContain('More than one gate is open, so name it.');
  });

  it('shows a structured result as code and a long one by its beginning', () => {
    const json = JSON.stringify({ findings: 'x'.repeat(5000) });
    const output = { name: 'plan', text: json, digest: null, size: json.length };

    const text = render(aGate(), { outputs: { plan: output } });

    expect(text).toContain(
      '<details open><summary>plan, first 2,000 characters</summary>\n\n```json\n{"findings"',
    );
    expect(byteLength(text)).toBeLessThan(6000);
  });

  it.each([
    [
      'approve',
      null,
      '✅ Approved by lee · 2026-11-21 09:14 UTC · G1 · `plan` `sha256:4be17a02…9c02`',
    ],
    ['deny', 'too risky', '❌ Denied by lee'],
    ['revise', 'use the client', '🔄 Sent back by lee'],
  ] as const)('becomes one line and a fold after %s', (verdict, text, line) => {
    const decision = { verdict, by: 'lee', at: minute(14), text, channel: 'github' as const };
    const gate = aGate({ status: 'decided', decision });

    const [marker, first, ...rest] = render(gate).split('\n');

    expect(marker).toBe('<!-- sluice1 inst=main kind=gate run=R2345ABC gate=G1 -->');
    expect(first).toContain(line);
    expect(rest.join('\n')).toContain('<details><summary>What was decided on</summary>');
    expect(rest.join('\n').includes(`> ${text}`)).toBe(text !== null);
    expect(render(gate)).not.toContain('@acme');
  });

  it('says why it is void and where to go instead', () => {
    const gate = aGate({ status: 'void', voidReason: 'head-moved' });
    const next = aGate({ id: 'G2' });
    const { links } = STATES.waiting;
    const input = withGates([gate, next], {
      links: { ...links, gates: { G2: 'https://x.example/2' } },
    });

    expect(renderGateComment(input, gate)).toContain(
      '◻️ Void: the branch has moved on since this gate opened. New gate: [G2](https://x.example/2)',
    );
  });

  it('says that it expired, and that this approved nothing', () => {
    expect(render(aGate({ status: 'expired' }))).toContain(
      '⌛ Expired on 2026-11-24 09:46 UTC: nobody decided, and nothing was approved',
    );
  });
});

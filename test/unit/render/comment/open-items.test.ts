import { describe, expect, it } from 'vitest';
import type { OpenItem } from '#src/engine/state/run.ts';
import { renderGateComment } from '#src/render/comment/gate-comment.ts';
import { renderRunComment } from '#src/render/comment/run-comment.ts';
import { renderStepSections } from '#src/render/prompt/step-sections.ts';
import { renderPullRequest } from '#src/render/pull/pull-request.ts';
import { byteLength } from '#src/render/text/cut-text.ts';
import { aGate, anInput, aResult, aRun, done, minute, STORY } from '../report-builders.ts';

const item = (number: number, text: string): OpenItem => ({
  id: `plan@1#${number}`,
  node: 'plan',
  text,
});
const items = [item(1, 'Name the owner'), item(2, '@acme/core decides')];
const gate = aGate({
  node: 'implement',
  kind: 'open-items',
  when: 'before',
  prompt: null,
  trigger: '2 conditions of earlier approvals are still open.',
  verdicts: ['approve', 'deny', 'revise'],
  openItems: items,
});
const result = aResult('Sound', { openItems: items.map(({ text }) => text) });
const states = { plan: done(0, 1, 'Sound', { result }) };

describe('open items', () => {
  it('are listed where people decide, with what each answer does about them', () => {
    const input = anInput({ run: aRun(STORY, states, { gates: [gate] }) });

    const text = renderGateComment(input, gate);

    expect(text).toContain('### ⏸️ Decision needed: open items');
    expect(text).toContain('- Name the owner (`plan`)');
    expect(text).not.toContain('- @acme/core');
    expect(text).toContain(
      '| `/approve` | accepts the open items as they are and lets the step run |',
    );
    expect(text).toContain('| `/revise what to change` | back to `plan` with your words');
  });

  it('are kept in the comment once they are accepted, and in the pull request with who did it', () => {
    const decision = {
      verdict: 'approve',
      by: 'lee',
      at: minute(9),
      text: null,
      channel: 'github',
    } as const;
    const closed = { ...gate, status: 'decided', decision } as const;
    const input = anInput({ run: aRun(STORY, states, { gates: [closed] }) });

    expect(renderGateComment(input, closed)).toContain('- Name the owner (`plan`)');
    const { body } = renderPullRequest(input);
    expect(body).toContain('- Name the owner (`plan`), accepted by lee');
    expect(body).toContain('`open items` approved by lee');
  });

  it('are in the pull request until they are settled', () => {
    const settling = aResult('Refined', { resolvedItems: ['plan@1#1'] });
    const before = anInput({ run: aRun(STORY, states) });
    const nodes = { ...states, implement: done(1, 2, 'Refined', { result: settling }) };

    expect(renderPullRequest(before).body).toContain('- Name the owner (`plan`)');
    expect(renderPullRequest(anInput({ run: aRun(STORY, nodes) })).body).not.toContain('Name the');
  });

  it('are in the run comment, and leave it when they are accepted', () => {
    const decision = {
      verdict: 'approve',
      by: 'lee',
      at: minute(9),
      text: null,
      channel: 'github',
    } as const;
    const accepted = { ...gate, status: 'decided', decision } as const;
    const comment = (gates: Parameters<typeof aGate>[0][]) =>
      renderRunComment(anInput({ run: aRun(STORY, states, { gates: gates.map(aGate) }) }));

    expect(comment([gate])).toContain('<summary>Open items (2)</summary>');
    expect(comment([gate])).toContain('- Name the owner (`plan`)');
    expect(comment([accepted])).not.toContain('Open items (');
  });

  it('keep the run comment below the size it may have', () => {
    const many = aResult('Sound', {
      openItems: Array.from({ length: 200 }, () => '名'.repeat(300)),
    });
    const run = aRun(STORY, { plan: done(0, 1, 'Sound', { result: many }) });

    expect(byteLength(renderRunComment(anInput({ run })))).toBeLessThanOrEqual(20_000);
  });

  it('are named to agents by what a structured answer calls them', () => {
    const facts = { lastFailure: null, sentBack: null, handedOver: [], mayAsk: false };
    const shown = (mayResolve: boolean) =>
      renderStepSections({ ...facts, openItems: items, mayResolve }, '');

    expect(shown(true)).toContain('- [plan@1#1] Name the owner');
    expect(shown(true)).toContain('`resolved_items`');
    expect(shown(false)).not.toContain('`resolved_items`');
  });
});

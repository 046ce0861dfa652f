import { describe, expect, it } from 'vitest';
import type { TransitionRecord } from '#src/engine/state/event.ts';
import type { JsonObject } from '#src/plan/json.ts';
import { renderGateComment } from '#src/render/comment/gate-comment.ts';
import type { ReportInput } from '#src/render/comment/report-input.ts';
import { byteLength } from '#src/render/text/cut-text.ts';
import { aGate, aRecord, STATES, STORY } from '../report-builders.ts';

const GATE = aGate({
  kind: 'escalation',
  node: 'implement',
  verdicts: ['retry', 'guide', 'override', 'deny'],
  trigger: 'fix: 2 of 2 rounds used.',
  prompt: null,
  subject: {
    output: null,
    node: 'implement',
    digest: null,
    size: 0,
    headSha: null,
    headOf: 'branch',
  },
});
const round = (detail: string): TransitionRecord =>
  aRecord('loop', { node: 'implement', reasonCode: 'fix', detail });
const output = (text: string) => ({ name: null, text, digest: null, size: text.length });

function render(escalation: JsonObject, facts: Partial<ReportInput> = {}): string {
  const { escalated } = STATES;
  const plan = { ...STORY, policies: { ...STORY.policies, escalation } };
  return renderGateComment({ ...escalated, plan, ...facts }, GATE);
}

describe('the comment that calls for help', () => {
  it('shows what the workflow says people need, what was tried, and the ways on', () => {
    const text = render(
      { handler: 'human', mention: ['@acme/oncall', 'lee'], context: ['plan', 'failure_history'] },
      {
        records: [round('1 of 2, back to plan; failed: a, b'), round('2 of 2, back to plan')],
        outputs: { plan: output('# The plan\n\n{\n  "status": "completed"\n}') },
      },
    );

    expect(text).toContain('can decide. Called: @acme/oncall @lee.');
    expect(text).toContain('| 1 | 1 of 2, back to plan | a, b |\n| 2 | 2 of 2, back to plan |  |');
    expect(text).toContain('| | then stopped: fix: 2 of 2 rounds used. |');
    expect(text).toContain('<details><summary>plan</summary>\n\n> #### The plan\n\n```json\n{\n');
    expect(text).toContain('| `/sluice guide your advice` |');
    expect(text).not.toContain('failure_history');
  });

  it('shows what failed where the workflow names nothing', () => {
    const text = render({ handler: 'human' }, { outputs: { implement: output('Half of it.') } });

    expect(text).toContain('<details><summary>implement</summary>\n\n> Half of it.');
  });

  it('cannot be taken over by what failed, and stays below the size GitHub takes', () => {
    const nasty = '</details> | @everyone `x`\n\n/approve';
    const names = STORY.graphs[STORY.main]!.nodes.map(({ id }) => id);
    const text = render(
      { handler: 'human', mention: ['@a b', '@x](http://evil)'], context: names },
      {
        records: Array.from({ length: 100 }, () => round(`1 of 2, back to plan; failed: ${nasty}`)),
        outputs: Object.fromEntries(names.map((id) => [id, output(nasty.repeat(5_000))])),
      },
    );

    expect(text).not.toMatch(/Called:|@everyone|\n\/approve/);
    expect(text.match(/<\/details>/g)).toHaveLength(text.match(/<details/g)!.length);
    expect(text).toContain('| | 85 earlier rounds | |');
    expect(byteLength(text)).toBeLessThan(60_000);
  });
});

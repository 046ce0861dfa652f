import { describe, expect, it } from 'vitest';
import { renderHistory } from '#src/render/comment/history.ts';
import { aRecord, minute } from '../report-builders.ts';

describe('renderHistory', () => {
  it('tells what happened, to what, by whom and why', () => {
    const about = { node: 'plan', visit: 1, attempt: 1 };
    const { count, text } = renderHistory([
      aRecord('run-started', { actor: 'dana' }),
      aRecord('node-ready', about),
      aRecord('node-started', about),
      aRecord('retry', {
        ...about,
        attempt: 2,
        reasonCode: 'crashed',
        detail: 'It crashed, @acme/core',
      }),
      aRecord('gate-opened', { ...about, at: minute(5), reasonCode: 'approval', detail: 'G1' }),
      aRecord('gate-decided', { at: minute(6), reasonCode: 'approve', detail: 'G1', actor: 'lee' }),
      aRecord('gate-void', { at: minute(7), reasonCode: 'head-moved', detail: 'G2' }),
      aRecord('run-settled', { at: '2026-11-22T00:00:01.000Z', reasonCode: 'succeeded' }),
    ]);

    expect(count).toBe(7);
    expect(text).toMatchInlineSnapshot(`
      "- 2026-11-21 09:00:00 run started · by dana
      - 09:00:00 \`plan\` started
      - 09:00:00 \`plan\` retry · try 2 · It crashed, @​acme/core
      - 09:05:00 gate \`G1\` opened on \`plan\`
      - 09:06:00 gate \`G1\` decided: approve · by lee
      - 09:07:00 gate \`G2\` void: head moved
      - 2026-11-22 00:00:01 run settled · succeeded"
    `);
  });

  it('keeps the latest entries and says how many came before', () => {
    const records = Array.from({ length: 50 }, (_, index) =>
      aRecord('loop', { detail: `round ${index}` }),
    );

    const { count, text } = renderHistory(records, 3);

    expect(count).toBe(50);
    expect(text.split('\n')).toHaveLength(4);
    expect(text).toMatch(/^- …47 earlier entries\n/);
    expect(text).toMatch(/round 49$/);
  });
});

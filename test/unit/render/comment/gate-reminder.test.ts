import { expect, it } from 'vitest';
import { renderGateComment } from '#src/render/comment/gate-comment.ts';
import { renderGateReminder } from '#src/render/comment/gate-reminder.ts';
import { byteLength } from '#src/render/text/cut-text.ts';
import { aGate, minute, STATES } from '../report-builders.ts';

const input = STATES.waiting;

it('names every gate that waits, how long, who can decide it, and leads to its comment', () => {
  const named = { role: 'write', teams: ['core'], users: ['lee'], count: 1 } as const;
  const gates = [aGate({ expiresAt: minute(600) }), aGate({ id: 'G2', approvers: named })];
  const links = { ...input.links, gates: { G1: 'https://github.com/acme/api/issues/214#g1' } };

  expect(renderGateReminder({ ...input, links }, gates, minute(300))).toMatchInlineSnapshot(`
    "<!-- sluice1 inst=main kind=reminder run=R2345ABC key=2026-11-21T14:00:00.000Z -->
    ### ⏸️ Still waiting for decisions · run \`R2345ABC\`

    - [gate G1](https://github.com/acme/api/issues/214#g1) on plan, open for 4h 52m, can be decided by anybody with write access. It expires on 2026-11-21 19:00 UTC and never approves by itself.
    - gate G2 on plan, open for 4h 52m, can be decided by @acme/core, @lee. It expires on 2026-11-24 09:46 UTC and never approves by itself."
  `);
});

it('fits into a comment however many wait', () => {
  const gates = Array.from({ length: 500 }, (_, at) => aGate({ id: `G${at + 1}` }));

  const text = renderGateReminder(input, gates, minute(300));

  expect(byteLength(text)).toBeLessThan(20_000);
  expect(text).toContain('- …and 480 more');
});

it('is said by the gate itself on its last day', () => {
  const gate = aGate({ expiresAt: minute(600), lastDay: true });

  expect(renderGateComment(input, gate)).toContain('**less than a day from now**; it then expires');
});

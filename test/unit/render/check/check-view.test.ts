import { describe, expect, it } from 'vitest';
import { BUTTONS } from '#src/commands/from-check.ts';
import { renderCheck, supersededBy } from '#src/render/check/check-view.ts';
import { byteLength } from '#src/render/text/cut-text.ts';
import { aGate, anInput, aPlan, aResult, aRun, done, HEAD, STATES } from '../report-builders.ts';

describe('renderCheck', () => {
  it.each([
    ['queued', 'queued', null, []],
    ['running', 'in_progress', null, []],
    ['waiting', 'completed', 'action_required', ['approve:G1', 'deny:G1', 'cancel']],
    ['warned', 'completed', 'success', ['run-again']],
    ['failed', 'completed', 'failure', ['resume']],
    ['escalated', 'completed', 'action_required', ['resume']],
    ['cancelled', 'completed', 'cancelled', ['resume']],
    ['expired', 'completed', 'timed_out', ['resume']],
  ] as const)('of a run that is %s is %s, %s', (state, status, conclusion, buttons) => {
    const check = renderCheck(STATES[state]);

    expect(check).toMatchObject({ name: 'sluice / feature', status, conclusion });
    expect(check.actions.map(({ identifier }) => identifier)).toEqual(buttons);
  });

  it('puts the gate its buttons decide into the external id', () => {
    expect(renderCheck(STATES.waiting).externalId).toBe('R2345ABC/G1');
    expect(renderCheck(STATES.running).externalId).toBe('R2345ABC');
  });

  it('says the essential in its title', () => {
    expect(renderCheck(STATES.waiting).title).toBe(
      'waiting for you: plan needs approval · 1/6 steps',
    );
    expect(renderCheck(STATES.warned).title).toBe(
      'done with a warning: PR #482 is ready for review · 6/6 steps · 212k tokens, $2.21',
    );
  });

  it('asks for a decision while other steps still run', () => {
    const run = { ...STATES.waiting.run, status: 'running' as const };

    expect(renderCheck({ ...STATES.waiting, run })).toMatchObject({
      conclusion: 'action_required',
      externalId: 'R2345ABC/G1',
    });
  });

  it('is neutral when a gate that only warns has fired', () => {
    const base = aPlan({ review: [] });
    const [node] = base.graphs['main']!.nodes;
    const gate = {
      ...node!,
      kind: 'gate' as const,
      subject: 'x',
      criteria: [],
      severity: 'warning' as const,
    };
    const plan = { ...base, graphs: { main: { ...base.graphs['main']!, nodes: [gate] } } };
    const state = done(0, 1, '1 criterion failed', {
      result: aResult('', { warnings: ['coverage'] }),
    });

    expect(
      renderCheck(anInput({ plan, run: aRun(plan, { review: state }, { status: 'succeeded' }) })),
    ).toMatchObject({ conclusion: 'neutral' });
  });

  it('leads to the gate, else to the run', () => {
    expect(renderCheck(STATES.waiting).detailsUrl).toMatch(/issuecomment-31$/);
    expect(renderCheck(STATES.warned).detailsUrl).toMatch(/issuecomment-30$/);
    expect(renderCheck(STATES.running).detailsUrl).toBeNull();
  });

  it('stays within the limits of GitHub, whatever the run is like', () => {
    const long = 'ü|<`'.repeat(200);
    const ids = Array.from({ length: 150 }, (_, index) => `${index}${long}`);
    const plan = aPlan(Object.fromEntries(ids.map((id) => [id, []])));
    const states = Object.fromEntries(ids.map((id) => [id, done(0, 1, long)]));
    const outputs = Object.fromEntries(
      ids.map((id) => [
        id,
        { name: long, text: `<details>\n\`\`\`\n${'é'.repeat(300_000)}`, digest: null, size: 1 },
      ]),
    );
    const gates = [aGate({ subject: { ...aGate().subject, output: long } })];
    const reason = { code: 'x', message: long };

    for (const status of ['waiting', 'failed', 'escalated'] as const) {
      const run = aRun(plan, states, { status, gates: status === 'waiting' ? gates : [], reason });
      const check = renderCheck(anInput({ plan, run, outputs }));

      expect(check.title.length).toBeLessThanOrEqual(255);
      expect(byteLength(check.summary)).toBeLessThanOrEqual(60_000);
      expect(byteLength(check.text ?? '')).toBeLessThanOrEqual(60_000);
      expect(check.actions.length).toBeLessThanOrEqual(3);
      for (const { label, description, identifier } of check.actions) {
        expect(label.length).toBeLessThanOrEqual(20);
        expect(description.length).toBeLessThanOrEqual(40);
        expect(identifier.length).toBeLessThanOrEqual(20);
      }
    }
  });

  it('has only buttons the parser knows', () => {
    const buttons = Object.values(STATES).flatMap((input) => renderCheck(input).actions);

    expect(new Set(buttons.map(({ identifier }) => identifier.replace(/:G\d+$/, '')))).toEqual(
      new Set(BUTTONS),
    );
  });
});

describe('supersededBy', () => {
  it('says where the run goes on', () => {
    expect(supersededBy(HEAD)).toEqual({
      title: 'superseded by 9d01aa7',
      summary:
        'This commit is no longer the head of the branch: superseded by 9d01aa7. The run goes on there.',
    });
  });
});

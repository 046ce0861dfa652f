import { describe, expect, it } from 'vitest';
import { decideGate, type GateDecision } from '#src/runs/decide-gate.ts';
import { listOutputVersions, saveOutput } from '#src/store/outputs.ts';
import { agent, aPlan, aPolicy, chain } from '#test/support/engine/plan-builder.ts';
import { AT, useRuns } from './a-stage.ts';

const runs = useRuns();
const PLAN = aPlan({
  nodes: [agent('spec', { approval: aPolicy(), output: 'spec' }), agent('build')],
  edges: chain('spec', 'build'),
});

async function atTheGate(id: string): Promise<void> {
  await runs.start(PLAN, { id });
  await runs.finish(id, 'spec');
}

const decide = (id: string, patch: Partial<GateDecision> = {}) =>
  decideGate(runs.deps, id, {
    gate: 'G1',
    verdict: 'approve',
    by: 'alice',
    text: null,
    channel: 'github',
    headSha: null,
    sha: null,
    key: `decision-of-${id}`,
    ...patch,
  });

describe('a decision', () => {
  it('settles the gate and lets the run go on', async () => {
    await atTheGate('RGOES');

    const refusal = await decide('RGOES');

    const { gates, frames } = await runs.read('RGOES');
    expect(refusal).toBeNull();
    expect(gates[0]?.decision).toMatchObject({
      verdict: 'approve',
      by: 'alice',
      channel: 'github',
    });
    expect(frames['']?.nodes['build']?.status).toBe('running');
  });

  it('counts once for each command, and says again how that ended', async () => {
    await atTheGate('ROONCE');
    await decide('ROONCE');

    const again = await decide('ROONCE', { verdict: 'deny' });
    const other = await decide('ROONCE', { verdict: 'deny', key: 'another command' });

    expect(again).toBeNull();
    expect(other).toMatchObject({ code: 'already-decided' });
    expect((await runs.read('ROONCE')).gates[0]?.decision?.verdict).toBe('approve');
  });

  it('is refused again with the same words when it was refused', async () => {
    await atTheGate('RNO');
    const first = await decide('RNO', { verdict: 'retry' });

    const second = await decide('RNO', { verdict: 'retry' });

    expect(first).not.toBeNull();
    expect(second).toEqual(first);
  });

  it('learns first that the branch has moved: what was asked about is no more', async () => {
    await atTheGate('RMOVED');

    const refusal = await decide('RMOVED', { headSha: 'b'.repeat(40) });

    const { gates, headSha } = await runs.read('RMOVED');
    expect(refusal).not.toBeNull();
    expect(headSha).toBe('b'.repeat(40));
    expect(gates.map(({ status }) => status)).toEqual(['void', 'open']);
  });

  it('keeps an edited text as the next version of the output, by who wrote it', async () => {
    await atTheGate('REDIT');
    const ref = { node: 'spec', visit: 1 };
    await saveOutput(runs.deps.db, 'REDIT', {
      ...ref,
      version: 1,
      name: 'spec',
      text: 'As the agent wrote it.',
      data: null,
      digest: 'sha256:1',
      size: 22,
      author: 'agent',
      createdAt: AT,
    });

    await decide('REDIT', { verdict: 'edit', text: 'As it should be.', headline: 'Shorter.' });

    const versions = await listOutputVersions(runs.deps.db, 'REDIT', ref);
    expect(versions.map(({ author, text }) => `${author}: ${text}`)).toEqual([
      'agent: As the agent wrote it.',
      'alice: As it should be.',
    ]);
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type AgentFixture,
  type FixtureOptions,
  openAgentFixture,
  processesWith,
} from '#test/support/agent-fixture.ts';
import type { ScriptStep } from '#test/support/scripted/scenario.ts';

/** A number of seconds nobody else on this machine sleeps. */
const LONG = 2_000_000_000 + process.pid;

let fixture: AgentFixture;
const open = async (options?: FixtureOptions) => (fixture = await openAgentFixture(options));
afterEach(() => fixture.close());

/** Starts a step and cancels it when the agent has said its first word. */
async function cancelled(...steps: ScriptStep[]) {
  await open({ prompts: [{ steps: [{ text: 'started' }, ...steps] }] });
  const controller = new AbortController();
  const outcome = await fixture.run({
    access: 'full',
    signal: controller.signal,
    onProgress: () => setTimeout(() => controller.abort(), 50),
  });
  return outcome;
}

describe('a cancelled step', () => {
  it.each<{ name: string; step: ScriptStep }>([
    { name: 'stops when it is asked', step: { delay: 60_000 } },
    { name: 'does not listen', step: { hang: true } },
    { name: 'answers with an error instead', step: { delay: 60_000, error: {} } },
    { name: 'says that it is done instead', step: { delay: 60_000, stop: 'end_turn' } },
  ])('is cancelled when the agent $name', async ({ step }) => {
    const outcome = await cancelled(step);

    expect(outcome).toMatchObject({ status: 'cancelled', text: 'started' });
  });

  it('leaves nothing running of what the agent started', async () => {
    await cancelled({
      shell: `setsid sleep ${LONG} & setsid sh -c "trap '' TERM; sleep ${LONG}" & sleep ${LONG}`,
    });

    expect(processesWith(`sleep ${LONG}`)).toEqual([]);
  });

  it('never starts when it was cancelled before', async () => {
    await open();

    const outcome = await fixture.run({ signal: AbortSignal.abort() });

    expect(outcome.status).toBe('cancelled');
  });

  it('is cancelled while its agent is still starting', async () => {
    await open({ entry: { command: 'sleep', args: ['300'] } });
    const controller = new AbortController();

    const running = fixture.run({ signal: controller.signal });
    await vi.waitFor(() => expect(processesWith(fixture.folder)).not.toEqual([]), {
      timeout: 30_000,
    });
    controller.abort();

    expect((await running).status).toBe('cancelled');
  });
});

describe('closing', () => {
  it('cancels what runs and refuses what comes', async () => {
    await open({ prompts: [{ steps: [{ hang: true }] }] });
    const running = fixture.run({});
    await vi.waitFor(() => expect(processesWith(fixture.folder)).not.toEqual([]), {
      timeout: 30_000,
    });

    await fixture.agents.close();

    expect((await running).status).toBe('cancelled');
    expect(processesWith(fixture.folder)).toEqual([]);
    await expect(fixture.run({})).rejects.toMatchObject({ code: 'agents-closed' });
  });
});

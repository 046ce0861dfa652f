import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type AgentFixture,
  type FixtureOptions,
  openAgentFixture,
} from '#test/support/agent-fixture.ts';
import type { ScriptStep } from '#test/support/scripted/scenario.ts';

let fixture: AgentFixture;
const open = async (options?: FixtureOptions) => (fixture = await openAgentFixture(options));
afterEach(() => fixture.close());

const playing = (...steps: ScriptStep[]) => open({ prompts: [{ steps }] });

describe('a step fails', () => {
  it.each<{ name: string; steps: ScriptStep[]; class: string; reason: string }>([
    {
      name: 'answers with an error',
      steps: [{ error: {} }],
      class: 'execution',
      reason: 'agent-error',
    },
    {
      name: 'asks for a login',
      steps: [{ error: { code: -32_000, message: 'Authentication required' } }],
      class: 'configuration',
      reason: 'auth',
    },
    {
      name: 'says that it was rate limited',
      steps: [{ error: { data: { errorKind: 'rate_limit' } } }],
      class: 'transient',
      reason: 'rate-limit',
    },
    { name: 'exits', steps: [{ exit: 3 }], class: 'execution', reason: 'crashed' },
    {
      name: 'exits as if all were well',
      steps: [{ exit: 0 }],
      class: 'execution',
      reason: 'crashed',
    },
    { name: 'is killed', steps: [{ crash: true }], class: 'execution', reason: 'crashed' },
    {
      name: 'stops by itself',
      steps: [{ stop: 'cancelled' }],
      class: 'execution',
      reason: 'stopped',
    },
    { name: 'refuses', steps: [{ stop: 'refusal' }], class: 'execution', reason: 'refused' },
    {
      name: 'hits the length limit',
      steps: [{ stop: 'max_tokens' }],
      class: 'execution',
      reason: 'output-limit',
    },
    {
      name: 'used all turns',
      steps: [{ stop: 'max_turn_requests' }],
      class: 'execution',
      reason: 'max-turns',
    },
  ])('when the agent $name', async ({ steps, class: failureClass, reason }) => {
    await playing({ text: 'so far' }, ...steps);

    const outcome = await fixture.run({});

    expect(outcome).toMatchObject({
      status: 'failed',
      text: 'so far',
      failure: { class: failureClass, reason },
    });
  });

  it('with the exit code and the last words of an agent that crashed', async () => {
    await playing({ stderr: 'out of luck' }, { delay: 50 }, { exit: 7 });

    const outcome = await fixture.run({});

    expect(outcome).toMatchObject({
      failure: { message: 'The agent ended unexpectedly with exit code 7: out of luck' },
    });
  });

  it('when it takes longer than it may, even if the agent does not listen', async () => {
    await playing({ text: 'working' }, { hang: true });

    const outcome = await fixture.run({ limits: { timeoutMs: 5_000 } });

    expect(outcome).toMatchObject({
      status: 'failed',
      text: 'working',
      failure: { class: 'timeout', reason: 'timeout' },
    });
  });

  it('when the agent shows no sign of life for too long', async () => {
    await playing({ delay: 60_000 });

    const outcome = await fixture.run({ limits: { timeoutMs: 30_000, idleMs: 200 } });

    expect(outcome).toMatchObject({ failure: { class: 'timeout', reason: 'idle' } });
  });

  it('when the agent says that it cost more than it may', async () => {
    await playing({ usage: { cost: 2 } }, { delay: 60_000 });

    const outcome = await fixture.run({ limits: { timeoutMs: 30_000, maxCostUsd: 1 } });

    expect(outcome).toMatchObject({
      failure: { class: 'budget', reason: 'max-cost' },
      usage: { costUsd: 2, source: 'agent' },
    });
  });

  it('when an agent known for it tells an error as its answer', async () => {
    const entry = { capabilities: { text_errors: true } };
    await open({ entry, prompts: [{ steps: [{ text: 'Error: no more credits' }] }] });

    const outcome = await fixture.run({});

    expect(outcome).toMatchObject({
      failure: { reason: 'agent-error', message: 'Error: no more credits' },
    });
  });
});

const misconfigured = async (options: FixtureOptions, request = {}) => {
  await open(options);
  const outcome = await fixture.run(request);
  return outcome.status === 'failed' ? outcome.failure : outcome;
};

describe('a step cannot start', () => {
  it('without an entry of that name', async () => {
    const failure = await misconfigured({}, { agent: 'toString' });

    expect(failure).toMatchObject({ class: 'configuration', reason: 'unknown-agent' });
  });

  it('without its program', async () => {
    const failure = await misconfigured({ entry: { command: 'no-such-agent' } });

    expect(failure).toMatchObject({ class: 'configuration', reason: 'spawn' });
  });

  it('when its program ends at once', async () => {
    const failure = await misconfigured({
      entry: { command: 'sh', args: ['-c', 'echo broken >&2; exit 4'] },
    });

    expect(failure).toEqual({
      class: 'configuration',
      reason: 'spawn',
      message: 'The agent scripted ended before it was ready: broken\n',
    });
  });

  it('without the key of its model', async () => {
    const failure = await misconfigured({
      upstream: 'http://127.0.0.1:9',
      agents: { secrets: {} },
    });

    expect(failure).toMatchObject({ class: 'configuration', reason: 'no-key' });
  });

  it('with a model the agent does not know', async () => {
    const failure = await misconfigured({ models: ['one'] }, { model: 'two' });

    expect(failure).toMatchObject({ class: 'configuration', reason: 'unknown-model' });
  });

  it('with a model that looks like an option', async () => {
    const failure = await misconfigured({}, { model: '--dangerous' });

    expect(failure).toMatchObject({ class: 'configuration', reason: 'unknown-model' });
  });

  it('with a schema that is none', async () => {
    const failure = await misconfigured({}, { resultSchema: { type: 'nonsense' } });

    expect(failure).toMatchObject({ class: 'configuration', reason: 'invalid-schema' });
  });
});

it('does not mind what else an agent writes to its output', async () => {
  await playing({ garbage: 'Starting…\n{"not":"the protocol"}\n[1,2' }, { text: 'fine' });

  const outcome = await fixture.run({});

  expect(outcome).toMatchObject({ status: 'succeeded', text: 'fine' });
});

it('gives up on a program that never speaks the protocol', async () => {
  await open({ entry: { command: 'sleep', args: ['300'] } });

  const outcome = await fixture.run({ limits: { timeoutMs: 400 } });

  expect(outcome).toMatchObject({
    status: 'failed',
    failure: { class: 'timeout', reason: 'timeout' },
  });
});

it('finds a program by the search path it was given', async () => {
  await open();
  const program = join(fixture.folder, 'my-agent');
  await writeFile(program, '#!/bin/sh\necho found >&2; exit 1\n');
  await chmod(program, 0o755);
  await fixture.close();
  const systemPath = `${fixture.folder}:/usr/bin:/bin`;
  await open({ entry: { command: 'my-agent' }, agents: { systemPath } });

  const outcome = await fixture.run({});

  expect(outcome).toMatchObject({ failure: { reason: 'spawn' } });
});

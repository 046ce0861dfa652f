import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentProgress } from '#src/agents/agent.ts';
import {
  type AgentFixture,
  type FixtureOptions,
  openAgentFixture,
} from '#test/support/agent-fixture.ts';

const VERDICT = {
  type: 'object',
  properties: { verdict: { enum: ['approve', 'reject'] } },
  required: ['verdict'],
};

let fixture: AgentFixture;
const open = async (options?: FixtureOptions) => (fixture = await openAgentFixture(options));
afterEach(() => fixture.close());

describe('a step', () => {
  it('ends with what the agent said, did and used', async () => {
    await open({
      prompts: [
        {
          match: 'write (?<name>\\w+)',
          steps: [
            { text: 'On it. ' },
            { write: { path: 'notes/${name}.txt', content: 'hello' } },
            { usage: { input: 120, output: 30, cost: 0.5 } },
            { text: ['Do', 'ne.'] },
          ],
        },
      ],
    });

    const outcome = await fixture.run({ prompt: 'please write greeting' });

    expect(outcome).toMatchObject({
      status: 'succeeded',
      text: 'On it. Done.',
      stopReason: 'end_turn',
      usage: { inputTokens: 120, outputTokens: 30, costUsd: 0.5, calls: 0, source: 'agent' },
    });
    expect(await readFile(join(fixture.cwd, 'notes/greeting.txt'), 'utf8')).toBe('hello');
  });

  it('reports its progress while it runs', async () => {
    const seen: AgentProgress[] = [];
    await open({
      prompts: [
        {
          steps: [
            { thought: 'hm' },
            { plan: ['look', 'do'] },
            { write: { path: 'a', content: '' } },
          ],
        },
      ],
    });

    await fixture.run({ onProgress: (progress) => seen.push(progress) });

    expect(seen).toEqual([
      { type: 'thought', text: 'hm' },
      { type: 'plan', entries: ['look', 'do'] },
      { type: 'tool', id: 'call-1', title: 'Write a', kind: 'edit', status: 'pending' },
      { type: 'tool', id: 'call-1', title: 'Write a', kind: 'edit', status: 'completed' },
    ]);
  });

  it('puts the persona in front of the prompt where the agent takes no system prompt', async () => {
    await open({ prompts: [{ match: '^You are terse\\.\ndo it$', steps: [{ text: 'right' }] }] });

    const outcome = await fixture.run({ systemPrompt: 'You are terse.', prompt: 'do it' });

    expect(outcome).toMatchObject({ status: 'succeeded', text: 'right' });
  });

  it("uses the vendor's name for the model that was asked for", async () => {
    await open({
      entry: { models: { default: 'small-1', strong: 'large-2' } },
      prompts: [
        { model: 'small-1', steps: [{ text: 'small' }] },
        { model: 'large-2', steps: [{ text: 'large' }] },
      ],
    });

    const texts = [await fixture.run({}), await fixture.run({ model: 'strong' })].map(
      ({ text }) => text,
    );

    expect(texts).toEqual(['small', 'large']);
  });

  it('lets the agent call a tool of the engine', async () => {
    await open({
      prompts: [{ steps: [{ tool: { name: 'add', args: { a: 2, b: 3 } } }, { text: '${last}' }] }],
    });
    const add = {
      name: 'add',
      description: 'Adds.',
      inputSchema: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } } },
      call: (args: unknown) => {
        const { a, b } = args as { a: number; b: number };
        return Promise.resolve(String(a + b));
      },
    };

    const outcome = await fixture.run({ access: 'readonly', tools: [add] });

    expect(outcome).toMatchObject({ status: 'succeeded', text: '5' });
  });

  it('tells the agent what is wrong with the arguments of a tool', async () => {
    await open({
      prompts: [{ steps: [{ tool: { name: 'add', args: { a: 'x' } } }, { text: '${last}' }] }],
    });
    const add = {
      name: 'add',
      description: 'Adds.',
      inputSchema: { type: 'object', properties: { a: { type: 'number' } } },
      call: () => Promise.reject(new Error('must not be called')),
    };

    const outcome = await fixture.run({ tools: [add] });

    expect(outcome.text).toBe('The arguments do not fit:\na must be number');
  });
});

describe('the result of a step', () => {
  it('is what the agent handed in, and the last one counts', async () => {
    await open({
      prompts: [{ steps: [{ result: { verdict: 'reject' } }, { result: { verdict: 'approve' } }] }],
    });

    const outcome = await fixture.run({ resultSchema: VERDICT });

    expect(outcome).toMatchObject({ status: 'succeeded', result: { verdict: 'approve' } });
  });

  it('may be handed in by an agent that may only read', async () => {
    await open({ prompts: [{ steps: [{ result: { verdict: 'approve' } }] }] });

    const outcome = await fixture.run({ access: 'readonly', resultSchema: VERDICT });

    expect(outcome).toMatchObject({ status: 'succeeded', result: { verdict: 'approve' } });
  });

  it('can be corrected after it was refused with the reasons', async () => {
    await open({
      prompts: [
        {
          steps: [
            { result: { verdict: 'maybe' } },
            { text: '${last}' },
            { result: { verdict: 'approve' } },
          ],
        },
      ],
    });

    const outcome = await fixture.run({ resultSchema: VERDICT });

    expect(outcome).toMatchObject({ status: 'succeeded', result: { verdict: 'approve' } });
    expect(outcome.text).toBe(
      'The result was not accepted:\n- verdict must be equal to one of the allowed values: ["approve","reject"]',
    );
  });

  it('may be no object', async () => {
    await open({ prompts: [{ steps: [{ result: { result: ['a', 'b'] } }] }] });

    const outcome = await fixture.run({
      resultSchema: { type: 'array', items: { type: 'string' } },
    });

    expect(outcome).toMatchObject({ status: 'succeeded', result: ['a', 'b'] });
  });

  it('is taken from the end of the answer when the tool was not called', async () => {
    await open({
      prompts: [{ steps: [{ json: { verdict: 'reject' } }, { json: { verdict: 'approve' } }] }],
    });

    const outcome = await fixture.run({ resultSchema: VERDICT });

    expect(outcome).toMatchObject({ status: 'succeeded', result: { verdict: 'approve' } });
  });

  it('is asked for once more when it is missing', async () => {
    await open({
      entry: { capabilities: { result_reminders: 1 } },
      prompts: [
        { match: 'not handed in', steps: [{ result: { verdict: 'approve' } }] },
        { steps: [{ text: 'I forgot.' }] },
      ],
    });

    const outcome = await fixture.run({ resultSchema: VERDICT });

    expect(outcome).toMatchObject({ status: 'succeeded', result: { verdict: 'approve' } });
  });

  it.each([
    { name: 'nothing was handed in', steps: [{ text: 'Done.' }], reason: 'no-result' },
    {
      name: 'nothing that fits was handed in',
      steps: [{ result: { verdict: 1 } }],
      reason: 'invalid-result',
    },
    {
      name: 'the JSON in the answer does not fit',
      steps: [{ json: { verdict: 1 } }],
      reason: 'invalid-result',
    },
  ])('fails the step when $name', async ({ steps, reason }) => {
    await open({ prompts: [{ steps }] });

    const outcome = await fixture.run({ resultSchema: VERDICT });

    expect(outcome).toMatchObject({ status: 'failed', failure: { class: 'validation', reason } });
  });

  it('is never taken from the prompt or the token of another step', async () => {
    await open({
      prompts: [{ match: 'first', steps: [{ result: { verdict: 'approve' } }] }, { steps: [] }],
    });
    await fixture.run({ prompt: 'first', resultSchema: VERDICT });

    const outcome = await fixture.run({ prompt: 'second', resultSchema: VERDICT });

    expect(outcome).toMatchObject({ status: 'failed', failure: { reason: 'no-result' } });
  });
});

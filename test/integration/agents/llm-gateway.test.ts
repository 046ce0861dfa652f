import { afterEach, describe, expect, it } from 'vitest';
import {
  type AgentFixture,
  type FixtureOptions,
  openAgentFixture,
  REAL_KEY,
} from '#test/support/agent-fixture.ts';
import { type FakeLlm, HELLO, type LlmReply, startFakeLlm } from '#test/support/fake-llm.ts';
import type { ScriptStep } from '#test/support/scripted/scenario.ts';

let fixture: AgentFixture;
let llm: FakeLlm;
afterEach(async () => {
  await fixture.close();
  await llm.close();
});

/** An agent that plays these steps against a model's server that gives these replies. */
async function open(replies: LlmReply[], steps: ScriptStep[], options: FixtureOptions = {}) {
  llm = await startFakeLlm(...replies);
  fixture = await openAgentFixture({ upstream: llm.url, prompts: [{ steps }], ...options });
}

const CALL: ScriptStep = { llm: {} };

describe('a model call', () => {
  it('reaches the upstream with the real key, which the agent never sees', async () => {
    await open([{}], [CALL, { shell: 'env; cat /proc/*/environ' }, { text: '${last}' }]);

    const outcome = await fixture.run({ access: 'full' });

    expect(llm.calls).toMatchObject([
      { method: 'POST', path: '/v1/messages', headers: { 'x-api-key': REAL_KEY } },
    ]);
    expect(outcome.text).toContain('LLM_API_KEY=placeholder-');
    expect(outcome.text).not.toContain(REAL_KEY);
  });

  it.each<{ name: string; body: unknown; input: number; output: number }>([
    { name: 'an Anthropic answer', body: HELLO, input: 100, output: 20 },
    {
      name: 'an Anthropic stream',
      body: [
        'event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":10,"cache_read_input_tokens":90,"output_tokens":1}}}\n\n',
        'data: {"type":"message_delta","usa',
        'ge":{"output_tokens":42}}\n\n',
      ],
      input: 100,
      output: 42,
    },
    {
      name: 'an OpenAI chat stream',
      body: [
        'data: {"choices":[{}],"usage":null}\n\n',
        'data: {"choices":[],"usage":{"prompt_tokens":70,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":50}}}\n\n',
        'data: [DONE]\n\n',
      ],
      input: 70,
      output: 7,
    },
    {
      name: 'an OpenAI response',
      body: [
        'data: {"type":"response.completed","response":{"usage":{"input_tokens":11,"input_tokens_details":{"cached_tokens":5},"output_tokens":6}}}\n\n',
      ],
      input: 11,
      output: 6,
    },
    {
      name: 'a Gemini stream',
      body: [
        'data: {"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":1}}\r\n\r\n',
        'data: {"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3,"thoughtsTokenCount":4}}\r\n\r\n',
      ],
      input: 9,
      output: 7,
    },
  ])('is counted from $name', async ({ body, input, output }) => {
    await open([{ body }], [CALL, CALL, { usage: { input: 1, output: 1 } }]);

    const { usage } = await fixture.run({});

    expect(usage).toEqual({
      inputTokens: 2 * input,
      outputTokens: 2 * output,
      costUsd: null,
      calls: 2,
      source: 'gateway',
    });
  });

  it("costs what the catalog says for the answer's model", async () => {
    const prices = { fake: { input: 1, output: 1 }, 'fake-1': { input: 3, output: 10 } };
    await open([{}], [CALL], { entry: { prices } });

    const { usage } = await fixture.run({});

    expect(usage.costUsd).toBeCloseTo((100 * 3 + 20 * 10) / 1_000_000, 9);
  });

  it('goes nowhere but to the paths of models', async () => {
    const paths = ['/v1/files', '/v1/messages/../files', '/', '/v1/messages%2f..%2ffiles'];
    const steps = paths.flatMap((path) => [{ llm: { path } }, { text: '${status} ' }]);
    await open([{}], steps);

    const outcome = await fixture.run({});

    expect(outcome.text).toBe('404 404 404 404 ');
    expect(llm.calls).toEqual([]);
  });

  it('is refused without the word the agent was given', async () => {
    const curl = "curl -s -o /dev/null -w '%{http_code} ' -d '{}' $LLM_BASE_URL/v1/messages";
    await open([{}], [{ shell: `${curl} -H 'x-api-key: guess'; ${curl}` }, { text: '${last}' }]);

    const outcome = await fixture.run({ access: 'full' });

    expect(outcome.text).toBe('401 401 ');
    expect(llm.calls).toEqual([]);
  });
});

const error = (type: string) => ({ error: { type, message: `about ${REAL_KEY}` } });

describe('a step fails by what the gateway saw, though the agent says all is well', () => {
  it.each<{ status: number; body: unknown; class: string; reason: string }>([
    { status: 401, body: error('authentication_error'), class: 'configuration', reason: 'auth' },
    { status: 403, body: error('permission_error'), class: 'configuration', reason: 'auth' },
    { status: 402, body: error('billing_error'), class: 'configuration', reason: 'quota' },
    { status: 429, body: error('insufficient_quota'), class: 'configuration', reason: 'quota' },
    { status: 429, body: error('rate_limit_error'), class: 'transient', reason: 'rate-limit' },
    { status: 500, body: error('api_error'), class: 'transient', reason: 'server' },
    { status: 529, body: 'overloaded', class: 'transient', reason: 'server' },
    { status: 400, body: error('invalid_request_error'), class: 'execution', reason: 'request' },
  ])('$status is $class/$reason', async ({ status, body, class: failureClass, reason }) => {
    await open([{ status, body }], [CALL, { text: 'All done!' }]);

    const outcome = await fixture.run({});

    expect(outcome).toMatchObject({ status: 'failed', failure: { class: failureClass, reason } });
    expect(JSON.stringify(outcome)).not.toContain(REAL_KEY);
  });

  it('and tells how long the server asks to wait', async () => {
    await open([{ status: 429, headers: { 'retry-after': '7' }, body: {} }], [CALL]);

    const outcome = await fixture.run({});

    expect(outcome).toMatchObject({ failure: { reason: 'rate-limit', retryAfterMs: 7_000 } });
  });

  it('and an upstream that cannot be reached is a network failure', async () => {
    await open([{}], [CALL], { upstream: 'http://127.0.0.1:9' });

    const outcome = await fixture.run({});

    expect(outcome).toMatchObject({ failure: { class: 'transient', reason: 'network' } });
  });

  it('but a refusal that a later call made good does not count', async () => {
    await open([{ status: 429, body: {} }, {}], [CALL, CALL]);

    const outcome = await fixture.run({});

    expect(outcome).toMatchObject({ status: 'succeeded', usage: { calls: 2 } });
  });

  it('and an agent that silently tries on is ended', async () => {
    const patience = Array.from({ length: 50 }, () => [CALL, { delay: 5 }]).flat();
    await open([{ status: 429, body: {} }], [...patience, { hang: true }], {
      entry: { limits: { llm_attempts: 3 } },
    });

    const outcome = await fixture.run({});

    expect(outcome).toMatchObject({ failure: { class: 'transient', reason: 'rate-limit' } });
    expect(llm.calls).toHaveLength(3);
  });

  it('and a wait that is too long for the agent ends the step at once', async () => {
    await open(
      [{ status: 429, headers: { 'retry-after': '3600' }, body: {} }],
      [CALL, { hang: true }],
    );

    const outcome = await fixture.run({});

    expect(outcome).toMatchObject({ failure: { reason: 'rate-limit', retryAfterMs: 3_600_000 } });
  });
});

describe('the budget of a step', () => {
  it.each([
    { limits: { timeoutMs: 30_000, maxTokens: 200 }, reason: 'max-tokens' },
    { limits: { timeoutMs: 30_000, maxCostUsd: 200 }, reason: 'max-cost' },
  ])('ends it when $reason is reached', async ({ limits, reason }) => {
    const prices = { default: { input: 1_000_000, output: 1_000_000 } };
    await open([{}], [CALL, CALL, { delay: 100 }, CALL, { hang: true }], { entry: { prices } });

    const outcome = await fixture.run({ limits });

    expect(outcome).toMatchObject({ status: 'failed', failure: { class: 'budget', reason } });
    expect(llm.calls).toHaveLength(2);
  });
});

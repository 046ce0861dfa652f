import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readCatalog } from '#src/agents/catalog/catalog.ts';
import { findProgram } from '#src/agents/launch/find-program.ts';
import { type AgentFixture, openAgentFixture, REAL_KEY } from '#test/support/agent-fixture.ts';
import { type FakeLlm, type LlmReply, startFakeLlm } from '#test/support/fake-llm.ts';

const program =
  process.env['OPENCODE_BIN'] ?? (await findProgram('opencode', process.env['PATH'] ?? ''));

let fixture: AgentFixture;
let llm: FakeLlm;
afterEach(async () => {
  await fixture.close();
  await llm.close();
});

const RESULT_SCHEMA = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
const USAGE = { prompt_tokens: 1_000, completion_tokens: 10, total_tokens: 1_010 };

function chunks(delta: unknown, finish: string): LlmReply {
  const base = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4.1' };
  const events = [
    { ...base, choices: [{ index: 0, delta, finish_reason: null }] },
    { ...base, choices: [{ index: 0, delta: {}, finish_reason: finish }], usage: USAGE },
  ];
  return {
    body: [...events.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'],
  };
}

const says = (content: string) => chunks({ role: 'assistant', content }, 'stop');
const calls = (name: string, args: unknown) => {
  const call = {
    index: 0,
    id: `call-${name}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  };
  return chunks({ role: 'assistant', tool_calls: [call] }, 'tool_calls');
};

/** Chooses the reply by what the model was offered and told, because the agent also asks for titles. */
async function open(reply: (body: ChatRequest) => LlmReply) {
  llm = await startFakeLlm((call) => reply(JSON.parse(call.body) as ChatRequest));
  const { agents } = await readCatalog('agents.yaml');
  const entry = agents['opencode'];
  if (entry === undefined || program === undefined) throw new Error('opencode is not there');
  fixture = await openAgentFixture({
    agents: {
      catalog: {
        agents: {
          opencode: { ...entry, command: program, llm: { upstream: llm.url, key: { env: 'KEY' } } },
        },
        fallback: {},
      },
      secrets: { KEY: REAL_KEY },
    },
  });
}

interface ChatRequest {
  tools?: { function: { name: string } }[];
  messages: { role: string }[];
}

const toolResults = (body: ChatRequest) =>
  body.messages.filter(({ role }) => role === 'tool').length;
const toolNamed = (body: ChatRequest, ending: string) =>
  body.tools?.map((tool) => tool.function.name).find((name) => name.endsWith(ending));

describe.skipIf(program === undefined)('a real opencode', () => {
  it('edits the worktree and hands in its result', async () => {
    await open((body) => {
      const submit = toolNamed(body, 'submit_result');
      if (submit === undefined) return says('A title');
      if (toolResults(body) === 0) {
        return calls('write', { filePath: join(fixture.cwd, 'new.txt'), content: 'written' });
      }
      return toolResults(body) === 1 ? calls(submit, { ok: true }) : says('Done.');
    });

    const outcome = await fixture.run({ agent: 'opencode', resultSchema: RESULT_SCHEMA });

    expect(outcome).toMatchObject({
      status: 'succeeded',
      result: { ok: true },
      usage: { source: 'gateway' },
    });
    expect(await readFile(join(fixture.cwd, 'new.txt'), 'utf8')).toBe('written');
    expect(llm.calls[0]?.headers.authorization).toBe(`Bearer ${REAL_KEY}`);
  });

  it('writes nothing when it may only read', async () => {
    await open((body) => {
      if (toolResults(body) > 0 || body.tools === undefined) return says('Done.');
      return calls('bash', { command: 'echo x > new.txt', description: 'write' });
    });

    await fixture.run({ agent: 'opencode', access: 'readonly' });

    await expect(readFile(join(fixture.cwd, 'new.txt'))).rejects.toThrow('ENOENT');
  });

  it.each([
    { status: 401, reason: 'auth' },
    { status: 429, reason: 'rate-limit' },
  ])('fails as $reason when the model answers $status', async ({ status, reason }) => {
    await open(() => ({ status, body: { error: { message: 'no', type: 'error' } } }));

    const outcome = await fixture.run({ agent: 'opencode' });

    expect(outcome).toMatchObject({ status: 'failed', failure: { reason } });
  });
});

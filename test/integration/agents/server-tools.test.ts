import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentProgress } from '#src/agents/agent.ts';
import { type AgentFixture, openAgentFixture } from '#test/support/agent-fixture.ts';
import { type FakeLlm, startFakeLlm } from '#test/support/fake-llm.ts';
import type { ScriptStep } from '#test/support/scripted/scenario.ts';

let fixture: AgentFixture;
let llm: FakeLlm;
afterEach(async () => {
  await fixture.close();
  await llm.close();
});

const OPEN = { permission: { readonly: {}, edit: { server_tools: true }, full: {} } };

async function open(steps: ScriptStep[], entry: Record<string, unknown> = {}) {
  llm = await startFakeLlm({});
  fixture = await openAgentFixture({ upstream: llm.url, prompts: [{ steps }], entry });
}

const sent = (): unknown[] => llm.calls.map(({ body }) => JSON.parse(body) as unknown);

const ANTHROPIC = '/v1/messages';
const RESPONSES = '/v1/responses';
const CHAT = '/v1/chat/completions';
const GEMINI = '/v1beta/models/gemini-2.5-pro:streamGenerateContent';

const said = [{ role: 'user', content: 'hello' }];
const contents = [{ role: 'user', parts: [{ text: 'hello' }] }];
const edit = { name: 'edit_file', input_schema: { type: 'object' } };
const run = { type: 'function', name: 'run', parameters: {} };
const chatRun = { type: 'function', function: { name: 'run' } };

interface Shape {
  name: string;
  path: string;
  request: Record<string, unknown>;
  forwarded: Record<string, unknown>;
}

const SHAPES: Shape[] = [
  {
    name: 'an Anthropic request',
    path: ANTHROPIC,
    request: {
      messages: said,
      mcp_servers: [{ type: 'url', url: 'https://mcp.example', name: 'remote' }],
      container: { skills: [{ type: 'anthropic', skill_id: 'pptx' }] },
      tools: [
        edit,
        { ...edit, type: 'custom', name: 'other' },
        { type: 'bash_20250124', name: 'bash' },
        { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
        { type: 'memory_20250818', name: 'memory' },
        { type: 'web_search_20250305', name: 'web_search', max_uses: 5 },
        { type: 'web_fetch_20250910', name: 'web_fetch' },
        { type: 'code_execution_20250825', name: 'code_execution' },
        { type: 'mcp_toolset', mcp_server_name: 'remote' },
      ],
      tool_choice: { type: 'tool', name: 'web_search' },
    },
    forwarded: {
      messages: said,
      tools: [
        edit,
        { ...edit, type: 'custom', name: 'other' },
        { type: 'bash_20250124', name: 'bash' },
        { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
        { type: 'memory_20250818', name: 'memory' },
      ],
    },
  },
  {
    name: 'an OpenAI response',
    path: RESPONSES,
    request: {
      input: said,
      tools: [
        run,
        { type: 'custom', name: 'apply_patch' },
        { type: 'local_shell' },
        { type: 'shell', environment: { type: 'local' } },
        { type: 'namespace', name: 'more', tools: [run, { type: 'web_search' }] },
        { type: 'shell' },
        { type: 'shell', environment: { type: 'container_auto' } },
        { type: 'web_search' },
        { type: 'web_search_preview_2025_03_11' },
        { type: 'code_interpreter', container: { type: 'auto' } },
        { type: 'file_search', vector_store_ids: ['vs_1'] },
        { type: 'image_generation' },
        { type: 'mcp', server_label: 'remote', server_url: 'https://mcp.example' },
        { type: 'something_newer' },
      ],
      tool_choice: {
        type: 'allowed_tools',
        mode: 'auto',
        tools: [{ type: 'function', name: 'run' }, { type: 'web_search' }],
      },
    },
    forwarded: {
      input: said,
      tools: [
        run,
        { type: 'custom', name: 'apply_patch' },
        { type: 'local_shell' },
        { type: 'shell', environment: { type: 'local' } },
        { type: 'namespace', name: 'more', tools: [run] },
      ],
      tool_choice: {
        type: 'allowed_tools',
        mode: 'auto',
        tools: [{ type: 'function', name: 'run' }],
      },
    },
  },
  {
    name: 'an OpenAI chat',
    path: CHAT,
    request: {
      model: 'gpt-4.1',
      messages: said,
      web_search_options: {},
      plugins: [{ id: 'web' }],
      search_parameters: { mode: 'on' },
      tools: [chatRun, { type: 'web_search' }],
      tool_choice: 'auto',
    },
    forwarded: { model: 'gpt-4.1', messages: said, tools: [chatRun], tool_choice: 'auto' },
  },
  {
    name: 'a Gemini request',
    path: GEMINI,
    request: {
      contents,
      tools: [
        { functionDeclarations: [{ name: 'run' }], googleSearch: {} },
        { google_search: {} },
        { googleSearchRetrieval: {} },
        { urlContext: {} },
        { codeExecution: {} },
        { googleMaps: {} },
        { fileSearch: {} },
        { mcpServers: [{ name: 'remote' }] },
      ],
    },
    forwarded: { contents, tools: [{ functionDeclarations: [{ name: 'run' }] }] },
  },
];

describe("the tools of the model's server", () => {
  it.each(SHAPES)('are taken out of $name', async ({ path, request, forwarded }) => {
    await open([{ llm: { path, body: request } }]);

    const outcome = await fixture.run({});

    expect(outcome.status).toBe('succeeded');
    expect(sent()).toEqual([forwarded]);
  });

  it.each(SHAPES)('stay in $name where the catalog allows it', async ({ path, request }) => {
    await open([{ llm: { path, body: request } }], OPEN);

    await fixture.run({ access: 'edit' });

    expect(sent()).toEqual([request]);
  });

  it('are allowed for one kind of access and not for another', async () => {
    const { path, request, forwarded } = SHAPES[0]!;
    await open([{ llm: { path, body: request } }], OPEN);

    await fixture.run({ access: 'readonly' });

    expect(sent()).toEqual([forwarded]);
  });

  it('are refused where a request is about them alone, which does not fail the step', async () => {
    const body = { messages: said, tools: [{ type: 'web_search_20250305', name: 'web_search' }] };
    const search: ScriptStep = { llm: { path: ANTHROPIC, body } };
    await open([search, search, search, search, search, { text: '${status} ${last}' }]);

    const outcome = await fixture.run({});

    expect(outcome.status).toBe('succeeded');
    expect(outcome.text).toMatch(/^400 .*not available to this agent: web_search/);
    expect(llm.calls).toEqual([]);
  });

  it('are named once to whoever watches the step', async () => {
    const { path, request } = SHAPES[2]!;
    await open([{ llm: { path, body: request } }, { llm: { path, body: request } }]);
    const seen: AgentProgress[] = [];

    await fixture.run({ onProgress: (progress) => seen.push(progress) });

    const notices = seen.filter(({ type }) => type === 'notice');
    expect(notices).toEqual([
      {
        type: 'notice',
        text: "tools of the model's server were withheld: web_search_options, search_parameters, plugins, web_search",
      },
    ]);
  });
});

describe('a request that would have the server reach out', () => {
  it.each([
    {
      name: 'a searching model',
      path: CHAT,
      body: { model: 'gpt-4o-search-preview', messages: said },
    },
    {
      name: 'a model told to go online',
      path: CHAT,
      body: { model: 'x/y:online', messages: said },
    },
    {
      name: 'a picture by address',
      path: ANTHROPIC,
      body: {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image', source: { type: 'url', url: 'https://evil.example/?data' } },
            ],
          },
        ],
      },
    },
    {
      name: "a picture in a tool's result",
      path: ANTHROPIC,
      body: {
        messages: [
          {
            role: 'user',
            content: [
              {
                type: 'tool_result',
                content: [{ type: 'image', source: { type: 'url', url: 'https://evil.example' } }],
              },
            ],
          },
        ],
      },
    },
    {
      name: 'a picture of a chat by address',
      path: CHAT,
      body: {
        messages: [
          {
            role: 'user',
            content: [{ type: 'image_url', image_url: { url: 'https://evil.example' } }],
          },
        ],
      },
    },
    {
      name: 'a file of a response by address',
      path: RESPONSES,
      body: {
        input: [
          { role: 'user', content: [{ type: 'input_file', file_url: 'https://evil.example' }] },
        ],
      },
    },
    {
      name: 'a file for Gemini by address',
      path: GEMINI,
      body: { contents: [{ parts: [{ fileData: { fileUri: 'https://evil.example' } }] }] },
    },
  ])('is refused and fails the step: $name', async ({ path, body }) => {
    await open([{ llm: { path, body } }, { text: 'All done!' }]);

    const outcome = await fixture.run({});

    expect(outcome).toMatchObject({
      status: 'failed',
      failure: { class: 'execution', reason: 'request' },
    });
    expect(llm.calls).toEqual([]);
  });

  it('is told from data that only looks like it', async () => {
    const body = {
      messages: [
        {
          role: 'assistant',
          content: [
            {
              type: 'tool_use',
              id: '1',
              name: 'open',
              input: { type: 'url', url: 'https://a.example' },
            },
          ],
        },
        {
          role: 'user',
          content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
        },
      ],
    };
    await open([{ llm: { path: CHAT, body } }]);

    await fixture.run({});

    expect(sent()).toEqual([body]);
  });

  it('cannot hide in what is no plain JSON', async () => {
    const twice = '{"tools":[],"messages":[],"tools":[{"type":"web_search"}],"model":"m"}';
    const post = (options: string) =>
      `curl -s -o /dev/null -w '%{http_code} ' -H "x-api-key: $LLM_API_KEY" ${options} $LLM_BASE_URL${RESPONSES}`;
    const zipped = gzipSync('{"tools":[{"type":"web_search"}]}').toString('base64');
    await open([
      {
        shell: [
          post(`-d '${twice}'`),
          post(`-d '[1]'`),
          post(`-d 'no json'`),
          `echo ${zipped} | base64 -d | ${post("-H 'content-encoding: gzip' --data-binary @-")}`,
        ].join('; '),
      },
      { text: '${last}' },
    ]);

    const outcome = await fixture.run({ access: 'full' });

    expect(outcome.text).toBe('400 400 400 415 ');
    expect(llm.calls).toEqual([]);
  });
});

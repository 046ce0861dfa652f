import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseCatalog, readCatalog } from '#src/agents/catalog/catalog.ts';

const problemsOf = (text: string) => {
  const parsed = parseCatalog(text);
  return 'problems' in parsed
    ? parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
    : [];
};

const ENTRY = 'command: x, permission: { readonly: {}, edit: {}, full: {} }';

describe('the shipped catalog', () => {
  it('holds the five agents that were measured', async () => {
    const catalog = await readCatalog('agents.yaml');

    expect(Object.keys(catalog.agents)).toEqual([
      'claude',
      'codex',
      'opencode',
      'gemini',
      'copilot',
    ]);
  });

  it('never holds a key: every secret is the name of one', async () => {
    const text = await readFile('agents.yaml', 'utf8');

    expect(text).not.toMatch(/sk-|AIza|ghp_/);
    const { agents } = await readCatalog('agents.yaml');
    expect(Object.values(agents).every(({ llm }) => llm?.key?.env !== undefined)).toBe(true);
  });

  it('18: ends no step for being silent or slow before its own time is up', async () => {
    const { agents } = await readCatalog('agents.yaml');

    for (const { limits } of Object.values(agents)) {
      expect(limits).not.toHaveProperty('idle_ms');
      expect(limits).not.toHaveProperty('timeout_ms');
    }
  });

  it('takes away the tools that write from agents that may only read, where the agent can do that', async () => {
    const { agents } = await readCatalog('agents.yaml');

    expect(agents['claude']?.permission.readonly.meta).toEqual({
      claudeCode: { options: { disallowedTools: ['Write', 'Edit', 'NotebookEdit', 'Bash'] } },
    });
  });
});

describe('the shipped catalog for agents that run commands and write nothing', () => {
  it('takes away the tools that write and leaves the shell, where the agent can do that', async () => {
    const { agents } = await readCatalog('agents.yaml');

    expect(agents['claude']?.permission.execute).toMatchObject({
      meta: { claudeCode: { options: { disallowedTools: ['Write', 'Edit', 'NotebookEdit'] } } },
    });
    expect(agents['opencode']?.permission.execute.env).toEqual({
      OPENCODE_PERMISSION: '{"edit":"deny","bash":"ask"}',
    });
    expect(agents['copilot']?.permission.execute.args).toEqual(['--deny-tool=write']);
  });
});

describe('parseCatalog', () => {
  it('gives an entry without a word on running commands the lesser right', () => {
    const text = 'command: x, permission: { readonly: { mode: ask }, edit: {}, full: {} }';

    expect(parseCatalog(`agents: { one: { ${text} } }`)).toMatchObject({
      catalog: { agents: { one: { permission: { execute: { mode: 'ask' } } } } },
    });
  });

  it('fills in what an entry does not say', () => {
    const parsed = parseCatalog(`agents: { one: { ${ENTRY} } }`);

    expect(parsed).toMatchObject({
      catalog: {
        agents: {
          one: {
            args: [],
            capabilities: { mcp: 'http', resume: 'none', keep: false, exit_grace_ms: 2_000 },
            limits: { llm_attempts: 4 },
          },
        },
        fallback: {},
      },
    });
  });

  it('tells all problems at once, each with its place', () => {
    const text = [
      'agents:',
      '  one:',
      '    comand: x',
      '    args: "text"',
      '    env: { 1A: x }',
      '    files: { ../up: x }',
      '    model: { env: A, arg: --b }',
      '    permission: { readonly: {}, edit: {} }',
      'fallback:',
      '  rate-limit: [one, two]',
    ].join('\n');

    expect(problemsOf(text)).toEqual([
      '2:3 agents.one.command: Invalid input: expected string, received undefined',
      '3:5 agents.one.comand is not a known key',
      '4:5 agents.one.args: Invalid input: expected array, received string',
      '5:12 agents.one.env.1A: Invalid key in record',
      '6:14 agents.one.files.../up: Invalid key in record',
      '7:5 agents.one.model: one of config_option, set_model: true, env, arg',
      '8:5 agents.one.permission.full: Invalid input: expected object, received undefined',
    ]);
  });

  it('knows every agent that a fallback names', () => {
    const text = `agents: { one: { ${ENTRY} } }\nfallback:\n  rate-limit: [one, two]`;

    expect(problemsOf(text)).toEqual(['3:21 fallback.rate-limit.1: there is no agent named two']);
  });

  it('refuses a template that would never be filled in', () => {
    const text = `agents: { one: { ${ENTRY}, env: { A: "\${hom}" } } }`;

    expect(problemsOf(text)).toEqual([
      expect.stringContaining('only ${home}, ${gateway} and ${placeholder} are filled in'),
    ]);
  });

  it.each([
    { text: 'agents: {', problem: '1:' },
    { text: '[1, 2]', problem: '1:1 the file: ' },
    { text: '', problem: '1:1 agents: ' },
    { text: 'agents: { a: &a [*a] }', problem: '1:' },
  ])('answers with problems for $text', ({ text, problem }) => {
    expect(problemsOf(text)[0]).toContain(problem);
  });
});

import { describe, expect, it } from 'vitest';
import type { AgentRequest } from '#src/agents/agent.ts';
import { AgentEntry } from '#src/agents/catalog/catalog-schema.ts';
import {
  argumentsFor,
  environmentFor,
  type LaunchSpec,
  launchSpecFor,
  processKey,
} from '#src/agents/launch/launch-spec.ts';

const PLACES = {
  home: '/home/agent',
  tmp: '/tmp',
  gateway: 'http://127.0.0.1:4020',
  placeholder: 'placeholder-1',
  path: '/usr/bin',
};

function specFor(entry: Record<string, unknown>, request: Partial<AgentRequest> = {}): LaunchSpec {
  const parsed = AgentEntry.parse({
    command: 'agent',
    permission: { readonly: { args: ['--read'], env: { ONLY: 'read' } }, edit: {}, full: {} },
    ...entry,
  });
  const spec = launchSpecFor(
    {
      agent: 'one',
      runId: 'run-1',
      stepId: 'step-1',
      cwd: '/worktree',
      access: 'readonly',
      prompt: '',
      limits: { timeoutMs: 1 },
      signal: new AbortController().signal,
      ...request,
    },
    { one: parsed },
    { KEY: 'real-key' },
  );
  if ('class' in spec) throw new Error(spec.message);
  return spec;
}

const keysFor = (model: Record<string, unknown>) =>
  ['a', 'b'].map((name) => processKey(specFor({ model }, { model: name })));

describe('the environment of an agent', () => {
  it('holds what the entry says, filled in, and nothing of this process', () => {
    const llm = { upstream: 'https://llm.example', key: { env: 'KEY' } };
    const env = { BASE: '${gateway}/v1', DIR: '${home}/.x', TOKEN: '${placeholder}' };

    const environment = environmentFor(specFor({ env, llm }), PLACES, false);

    expect(environment).toEqual({
      PATH: '/usr/bin',
      HOME: '/home/agent',
      TMPDIR: '/tmp',
      USER: 'agent',
      LOGNAME: 'agent',
      SHELL: '/bin/sh',
      LANG: 'C.UTF-8',
      TERM: 'dumb',
      BASE: 'http://127.0.0.1:4020/v1',
      DIR: '/home/agent/.x',
      TOKEN: 'placeholder-1',
      ONLY: 'read',
    });
  });

  it('points to the tunnel only where the network is allowed', () => {
    expect(environmentFor(specFor({}), PLACES, true)).toMatchObject({
      HTTPS_PROXY: PLACES.gateway,
    });
    expect(environmentFor(specFor({}), PLACES, false)).not.toHaveProperty('HTTPS_PROXY');
  });
});

describe('the model and the effort', () => {
  it('become an argument or a variable, as the entry says', () => {
    const entry = {
      args: ['--acp'],
      model: { env: 'MODEL' },
      effort: { arg: '--effort' },
      models: { strong: 'big' },
    };
    const spec = specFor(entry, { model: 'strong', effort: 'high' });

    expect(argumentsFor(spec, PLACES)).toEqual(['--acp', '--read', '--effort', 'high']);
    expect(environmentFor(spec, PLACES, false)).toMatchObject({ MODEL: 'big' });
  });

  it.each([
    ['small', { small: 'vendor-1', default: 'vendor-2' }, 'vendor-1'],
    ['vendor-3', { default: 'vendor-2' }, 'vendor-3'],
    [undefined, { default: 'vendor-2' }, 'vendor-2'],
    [undefined, {}, undefined],
  ])('asked for as %j among the names %j are %j', (model, models, id) => {
    const request = model === undefined ? {} : { model };

    expect(specFor({ models }, request).model).toBe(id);
  });

  it('separate processes only where they are fixed at the start', () => {
    const [one, two] = keysFor({ arg: '--model' });
    const [three, four] = keysFor({ config_option: 'model' });

    expect(one).not.toBe(two);
    expect(three).toBe(four);
  });
});

import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type AgentFixture,
  type FixtureOptions,
  killProcessesWith,
  openAgentFixture,
  processesWith,
} from '#test/support/agent-fixture.ts';
import type { ScriptEntry } from '#test/support/scripted/scenario.ts';

let fixture: AgentFixture;
const open = async (options?: FixtureOptions) => (fixture = await openAgentFixture(options));
afterEach(() => fixture.close());

/** A process says "new" to its first prompt and "kept" to every other. */
const COUNTING: ScriptEntry[] = [
  { match: 'fail', steps: [{ error: {} }] },
  { match: 'slow', times: 1, steps: [{ delay: 300 }, { text: 'new' }] },
  { times: 1, steps: [{ text: 'new' }] },
  { steps: [{ text: 'kept' }] },
];

const run = (request = {}) => fixture.run({ access: 'readonly', ...request });
const textOf = async (request = {}) => (await run(request)).text;

describe('an agent process', () => {
  it('is kept for the next step of its run', async () => {
    await open({ prompts: COUNTING });

    const texts = [await textOf(), await textOf(), await textOf()];

    expect(texts).toEqual(['new', 'kept', 'kept']);
  });

  it.each([
    { name: 'another run', request: { runId: 'run-2' } },
    { name: 'another access', request: { access: 'edit' } },
    { name: 'network', request: { network: true } },
    { name: 'another readable path', request: { readonlyPaths: ['/opt'] } },
  ])('is not used for a step with $name', async ({ request }) => {
    await open({ prompts: COUNTING });
    await textOf();

    expect(await textOf(request)).toBe('new');
    expect(await textOf()).toBe('kept');
  });

  it('is not kept after a step that may write, in which it could have left something running', async () => {
    await open({
      prompts: [{ match: 'plant', steps: [{ shell: 'sleep 60 & true' }] }, ...COUNTING],
    });

    await run({ access: 'edit', prompt: 'plant' });

    expect(processesWith(fixture.folder)).toEqual([]);
    expect(await textOf({ access: 'edit' })).toBe('new');
  });

  it('is not used for another worktree', async () => {
    await open({ prompts: COUNTING });
    const other = join(fixture.folder, 'other');
    await mkdir(other);
    await textOf();

    expect(await textOf({ cwd: other })).toBe('new');
  });

  it('serves one step at a time', async () => {
    await open({ prompts: COUNTING });

    const texts = await Promise.all([textOf({ prompt: 'slow' }), textOf({ prompt: 'slow' })]);

    expect(texts).toEqual(['new', 'new']);
  });

  it('is thrown away after a step that failed', async () => {
    await open({ prompts: COUNTING });
    await textOf();
    await run({ prompt: 'fail' });

    expect(await textOf()).toBe('new');
  });

  it('is thrown away when the worktree was made anew under its old path', async () => {
    await open({ prompts: COUNTING });
    await textOf();
    await rename(fixture.cwd, `${fixture.cwd}-old`);
    await mkdir(fixture.cwd);
    await writeFile(join(fixture.cwd, '.git'), 'gitdir: new\n');

    expect(await textOf()).toBe('new');
    await rm(`${fixture.cwd}-old`, { recursive: true });
  });

  it('does not take the place of the next one when it dies while it waits', async () => {
    await open({ prompts: COUNTING });
    await textOf();

    killProcessesWith(fixture.folder);

    // The news of its end takes a moment; a step that comes before it fails.
    await vi.waitFor(async () => expect(await textOf()).toBe('new'), { timeout: 30_000 });
  });

  it('ends when its run is released', async () => {
    await open({ prompts: COUNTING });
    await textOf();
    await textOf({ runId: 'run-2' });

    await fixture.agents.releaseRun('run-1');

    expect(await textOf({ runId: 'run-2' })).toBe('kept');
    expect(await readdir(fixture.homeRoot)).toHaveLength(1);
  });

  it('that works while its run is released ends after its step', async () => {
    await open({ prompts: COUNTING });
    const working = textOf({ prompt: 'slow' });
    await vi.waitFor(async () => expect(await readdir(fixture.homeRoot)).toHaveLength(1), {
      timeout: 30_000,
    });

    await fixture.agents.releaseRun('run-1');

    expect(await working).toBe('new');
    expect(await readdir(fixture.homeRoot)).toEqual([]);
    expect(processesWith(fixture.folder)).toEqual([]);
  });

  it('ends when it waited long enough', async () => {
    await open({ prompts: COUNTING, agents: { keepMs: 50 } });
    await textOf();

    await vi.waitFor(() => expect(processesWith(fixture.folder)).toEqual([]), { timeout: 30_000 });
  });

  it('makes room when too many wait', async () => {
    await open({ prompts: COUNTING, agents: { maxKept: 1 } });
    await textOf({ runId: 'run-1' });
    await textOf({ runId: 'run-2' });

    expect(await textOf({ runId: 'run-2' })).toBe('kept');
    expect(await textOf({ runId: 'run-1' })).toBe('new');
  });

  it('is not kept where the catalog does not say that it can be', async () => {
    await open({ prompts: COUNTING, entry: { capabilities: { keep: false } } });

    expect([await textOf(), await textOf()]).toEqual(['new', 'new']);
    expect(await readdir(fixture.homeRoot)).toEqual([]);
  });
});

const firstSession = async () => {
  const outcome = await run();
  return outcome.status === 'succeeded' ? (outcome.sessionId ?? '') : '';
};

describe('a session', () => {
  const SESSION: FixtureOptions = { prompts: [{ steps: [{ text: '${session}' }] }] };

  it.each([
    { name: 'by the process that kept it', keep: true, resume_while_kept: true },
    { name: 'by a new process when the kept one cannot', keep: true, resume_while_kept: false },
    { name: 'by a new process when none is kept', keep: false, resume_while_kept: false },
  ])('is continued in a later step $name', async ({ keep, resume_while_kept }) => {
    const capabilities = { keep, resume_while_kept, resume: 'resume' };
    await open({ ...SESSION, entry: { capabilities } });
    const sessionId = await firstSession();

    expect(await textOf({ resume: { sessionId } })).toBe('resumed');
    expect(await readdir(fixture.homeRoot)).toHaveLength(1);
  });

  it('is continued with another access, by another process in the same home', async () => {
    await open(SESSION);
    const sessionId = await firstSession();

    expect(await textOf({ access: 'edit', resume: { sessionId } })).toBe('resumed');
  });

  it.each(['made-up', '../../etc/passwd'])(
    'that is not known fails the step (%s)',
    async (sessionId) => {
      await open(SESSION);

      const outcome = await fixture.run({ resume: { sessionId } });

      expect(outcome).toMatchObject({ failure: { class: 'execution', reason: 'session-lost' } });
    },
  );

  it('cannot be continued by two steps at once', async () => {
    await open({
      prompts: [{ match: 'slow', steps: [{ delay: 200 }] }, { steps: [{ text: '${session}' }] }],
    });
    const sessionId = await firstSession();
    const request = { prompt: 'slow', resume: { sessionId } };

    const outcomes = await Promise.all([
      fixture.run(request),
      fixture.run({ ...request, access: 'full' }),
    ]);

    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['failed', 'succeeded']);
  });

  it('of another run is not known', async () => {
    await open(SESSION);
    const sessionId = await firstSession();

    const outcome = await fixture.run({ runId: 'run-2', resume: { sessionId } });

    expect(outcome).toMatchObject({ failure: { reason: 'session-lost' } });
  });

  it('finds its home unchanged, whatever links an agent put there', async () => {
    await open({
      prompts: [
        { match: 'plant', steps: [{ shell: 'rm -rf ~/.conf && ln -s /outside ~/.conf' }] },
        { steps: [{ text: '${session}' }] },
      ],
      entry: {
        files: { '.conf/settings': 'gateway ${gateway}' },
        capabilities: { keep: false, resume: 'resume' },
      },
    });
    const planted = await fixture.run({ access: 'full', prompt: 'plant' });
    const sessionId = planted.status === 'succeeded' ? (planted.sessionId ?? '') : '';

    expect(await textOf({ access: 'full', resume: { sessionId } })).toBe('resumed');
    await expect(readFile('/outside/settings')).rejects.toThrow('ENOENT');
  });
});

it('lets many steps run at once', async () => {
  await open({
    prompts: [{ match: 'number (\\d+)', steps: [{ result: { number: '${1}' } }] }],
  });
  const resultSchema = { type: 'object', properties: { number: { type: 'string' } } };
  const numbers = ['1', '2', '3', '4', '5'];

  const outcomes = await Promise.all(
    numbers.map((number) => fixture.run({ prompt: `number ${number}`, resultSchema })),
  );

  expect(outcomes.map((outcome) => 'result' in outcome && outcome.result)).toEqual(
    numbers.map((number) => ({ number })),
  );
});

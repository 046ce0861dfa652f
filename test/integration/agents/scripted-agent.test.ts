import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type AgentFixture,
  type FixtureOptions,
  openAgentFixture,
} from '#test/support/agent-fixture.ts';
import { scriptedCatalog } from '#test/support/scripted-catalog.ts';

let fixture: AgentFixture;
const open = async (options?: FixtureOptions) => (fixture = await openAgentFixture(options));
afterEach(() => fixture.close());

describe('the scripted agent', () => {
  it('answers everything without a scenario, with a result that fits', async () => {
    await open({ agents: { catalog: scriptedCatalog() } });
    const resultSchema = {
      type: 'object',
      properties: {
        verdict: { enum: ['approve', 'reject'] },
        score: { type: 'integer', minimum: 3 },
        files: { type: 'array', items: { type: 'string' }, minItems: 1 },
        details: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
      },
      required: ['verdict', 'score', 'files', 'details'],
    };

    const outcome = await fixture.run({ prompt: 'Review the change.', resultSchema });

    expect(outcome).toMatchObject({
      status: 'succeeded',
      text: 'I read the task and looked at the repository. Nothing had to be changed.',
      result: { verdict: 'approve', score: 3, files: ['done'], details: { ok: true } },
    });
  });

  it('edits, appends to and deletes files', async () => {
    await open({
      prompts: [
        {
          steps: [
            { edit: { path: 'a.txt', find: 'old', replace: '$& new' } },
            { append: { path: 'a.txt', content: '!' } },
            { delete: 'b.txt' },
          ],
        },
      ],
    });
    await writeFile(join(fixture.cwd, 'a.txt'), 'the old text');
    await writeFile(join(fixture.cwd, 'b.txt'), '');

    await fixture.run({});

    expect(await readFile(join(fixture.cwd, 'a.txt'), 'utf8')).toBe('the $& new text!');
    expect(await readdir(fixture.cwd)).not.toContain('b.txt');
  });

  it('counts its turns over all its processes when it is given a folder for it', async () => {
    const state = await newFolder();
    const prompts = [{ times: 2, steps: [{ exit: 1 }] }, { steps: [{ text: 'third' }] }];
    await open({ prompts, state });

    const outcomes = [await fixture.run({}), await fixture.run({}), await fixture.run({})];

    expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'failed', 'succeeded']);
  });

  it('fails loudly when the scenario has no answer or an unknown step', async () => {
    await open({ prompts: [{ match: 'never', steps: [] }] });
    expect(await fixture.run({})).toMatchObject({ failure: { reason: 'agent-error' } });
    await fixture.close();

    await open({ prompts: [{ steps: [{ txt: 'typo' } as object] }] });
    expect(await fixture.run({})).toMatchObject({
      failure: { reason: 'spawn', message: expect.stringContaining('no such step: txt') as string },
    });
  });
});

/** A folder that is there before the fixture, and gone after the test. */
async function newFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'scripted-')));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

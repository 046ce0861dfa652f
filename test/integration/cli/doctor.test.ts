import { describe, expect, it } from 'vitest';
import { aRepository, sluice } from '#test/support/cli/terminal.ts';

const SOUND = 'name: sound\nsteps: [{id: one, agent: Planner, prompt: "{{ task }}"}]\n';
const DOUBTFUL = `name: doubtful
steps:
  - {id: review, agent: CodeReviewer, prompt: x, result: {required_keys: [severity]}}
  - {id: fix, agent: Engineer, prompt_file: prompts/fix.md, depends_on: [review], when: review.severty == "high"}
`;

const UNIT = JSON.stringify({
  workflow_name: 'unit',
  steps: [{ id: 'a', name: 'A', step_type: 'code', instruction: 'x' }],
});
const CARD = `---
workflow_name: card
steps: [{id: a, name: A, step_type: code}]
---
## a

Look.
`;

const repository = (): string =>
  aRepository({
    '.github/sluice/workflows/sound.yml': SOUND,
    '.github/sluice/workflows/doubtful.yml': DOUBTFUL,
    '.github/sluice/workflows/broken.yml': 'name: broken\nstepz: []\n',
    '.github/sluice/prompts/fix.md': 'Fix it.',
    '.github/sluice/prompts/old.md': 'Nobody reads me.',
    '.github/sluice/config.yml': 'commands: {tests: npm test}\n',
  });

describe('sluice doctor', () => {
  it('reads every file of the folder, and the configuration', async () => {
    const { status, out } = await sluice(repository(), 'doctor');

    expect(status).toBe(1);
    expect(out.replaceAll('.github/sluice/', '')).toBe(
      `config.yml:1:12: error: \`commands\` has no key \`tests\`. Did you mean \`test\`? [unknown-key]
workflows/broken.yml:1:1: error: the workflow needs the key \`steps\`. [missing-key]
workflows/broken.yml:2:1: error: a workflow has no key \`stepz\`. Did you mean \`steps\`? [unknown-key]
workflows/doubtful.yml:4:89: warning: the \`result\` of step \`review\` has no field \`severty\`; add it there, or ask for another one. Did you mean \`severity\`? [unknown-field]
3 workflows: 3 errors, 1 warning
`,
    );
  });

  it('ends with 0 when there are only notes', async () => {
    const dir = aRepository({
      '.github/sluice/workflows/sound.yml': SOUND,
      '.github/sluice/prompts/old.md': 'Nobody reads me.',
    });

    const { status, out } = await sluice(dir, 'doctor');

    expect(status).toBe(0);
    expect(out).toContain('prompts/old.md:1:1: note: no workflow of this folder uses this file.');
  });

  it('ends with 0 where there is no workflow at all', async () => {
    expect(await sluice(aRepository(), 'doctor')).toEqual({
      status: 0,
      out: 'no workflows: nothing to report\n',
      err: '',
    });
  });

  it.each(['.github/sluice', '.github/sluice/workflows/doubtful.yml'])(
    'takes %s as a place to look at',
    async (path) => {
      const { out } = await sluice(repository(), 'doctor', path);

      expect(out).toContain('.github/sluice/workflows/doubtful.yml:4:89: warning:');
    },
  );

  it('keeps to the file it is given', async () => {
    const { status, out } = await sluice(
      repository(),
      'doctor',
      '.github/sluice/workflows/sound.yml',
    );

    expect({ status, out }).toEqual({ status: 0, out: '1 workflow: nothing to report\n' });
  });

  it.each([
    '.',
    '.github/sluice/workflows/unit.json',
    '.github/sluice/workflows/card.md',
    'drafts/unit.json',
  ])('reads a unit of work-buddy where it is at %s', async (path) => {
    const dir = aRepository({
      '.github/sluice/workflows/unit.json': UNIT,
      '.github/sluice/workflows/card.md': CARD,
      'drafts/unit.json': UNIT,
    });

    const { status, out } = await sluice(dir, 'doctor', path);

    expect(status).toBe(1);
    expect(out).toContain(': warning: ');
    expect(out).toContain(path === '.' ? '2 workflows: 2 warnings' : '1 workflow: 1 warning');
  });

  it.each(['notes.json', 'notes.md'])('says of %s that it holds no workflow', async (file) => {
    const dir = aRepository({ [`drafts/${file}`]: '{"scripts": {}}' });

    const { status, err } = await sluice(dir, 'doctor', `drafts/${file}`);

    expect(status).toBe(2);
    expect(err).toBe(
      `sluice: \`drafts/${file}\` holds no workflow (.yml, .yaml, or a unit as .json or .md).\n`,
    );
  });

  it('looks beside a file that lies elsewhere for what it includes', async () => {
    const dir = aRepository({ 'drafts/a.yml': DOUBTFUL, 'drafts/prompts/fix.md': 'Fix it.' });

    const { out } = await sluice(dir, 'doctor', 'drafts/a.yml');

    expect(out).toMatch(/^drafts\/a\.yml:4:89: warning: .*\n1 workflow: 1 warning\n$/);
  });

  it('checks teams against those it is told', async () => {
    const dir = aRepository({
      '.github/sluice/workflows/a.yml':
        'name: a\nsteps: [{id: one, agent: Planner, prompt: x, requires_approval: true, approval: {approvers: {teams: [sec]}}}]\n',
    });

    const untold = await sluice(dir, 'doctor');
    const told = await sluice(dir, 'doctor', '--teams', 'platform, security');

    expect([untold.status, told.status]).toEqual([0, 1]);
    expect(told.out).toContain('there is no team `sec`');
  });

  it('writes JSON', async () => {
    const { out } = await sluice(repository(), 'doctor', '--json');

    const report = JSON.parse(out);
    expect(report.workflows).toBe(3);
    expect(report.diagnoses.at(-1)).toEqual({
      path: '.github/sluice/workflows/doubtful.yml',
      line: 4,
      column: 89,
      endLine: 4,
      rule: 'unknown-field',
      severity: 'warning',
      message: expect.stringContaining('Did you mean `severity`?'),
      suggestion: 'severity',
    });
  });

  it('writes annotations as the check runs of GitHub take them', async () => {
    const { out } = await sluice(repository(), 'doctor', '--annotations');

    expect(JSON.parse(out).at(-1)).toEqual({
      path: '.github/sluice/workflows/doubtful.yml',
      start_line: 4,
      end_line: 4,
      start_column: 89,
      end_column: 89,
      annotation_level: 'warning',
      title: 'unknown-field',
      message: expect.any(String),
    });
  });

  it.each([
    [['doctor', 'nowhere'], 'there is nothing at `nowhere`.'],
    [['doctor', '--sarif', '--json'], '--json or --sarif, not both.'],
    [['doctor', '--jsn'], "Unknown option '--jsn'; `sluice doctor --help` lists the options."],
    [['doctor', 'a', 'b'], '`b` is too much; usage: sluice doctor [path]'],
    [['doctr'], 'there is no command `doctr`; did you mean `doctor`?'],
    [['dance'], 'there is no command `dance`; `sluice --help` lists them.'],
  ])('answers %j with a sentence and status 2', async (args, sentence) => {
    expect(await sluice(aRepository(), ...args)).toEqual({
      status: 2,
      out: '',
      err: `sluice: ${sentence}\n`,
    });
  });
});

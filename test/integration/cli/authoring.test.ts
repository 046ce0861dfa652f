import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadBuiltinWorkflows } from '#src/builtin-workflows.ts';
import { aRepository, filesIn, sluice } from '#test/support/cli/terminal.ts';

const BUILTIN = loadBuiltinWorkflows(join(import.meta.dirname, '../../../workflows'));

describe('sluice init', () => {
  it.each([
    { preset: 'minimal', workflow: 'small-change' },
    { preset: 'solo', workflow: 'pipeline' },
    { preset: 'small', workflow: 'pipeline' },
    { preset: 'enterprise', workflow: 'pipeline' },
  ])(
    'writes the preset $preset, with which the doctor is content and no run gets stuck',
    async (row) => {
      const dir = aRepository();

      const written = await sluice(dir, 'init', '--preset', row.preset);
      const doctor = await sluice(dir, 'doctor');
      const played = await sluice(dir, 'simulate', row.workflow);
      const explored = await sluice(dir, 'simulate', row.workflow, '--exhaustive');

      expect(filesIn(dir)).toEqual([
        '.github/sluice/config.yml',
        `.github/sluice/workflows/${row.workflow}.yml`,
      ]);
      expect([written, doctor, played, explored].map(({ status }) => status)).toEqual([0, 0, 0, 0]);
      expect(doctor.out).toBe('1 workflow: nothing to report\n');
      expect(played.out).toMatch(/The run ends as succeeded\.\n$/);
      expect(explored.out).toContain('No dead end.');
    },
  );

  it('leaves everything as it is when one of its files is there', async () => {
    const dir = aRepository({ '.github/sluice/config.yml': 'commands: {}\n' });

    const { status, err } = await sluice(dir, 'init');

    expect(status).toBe(2);
    expect(err).toContain('  .github/sluice/config.yml\n');
    expect(filesIn(dir)).toEqual(['.github/sluice/config.yml']);
  });

  it('overwrites on demand', async () => {
    const dir = aRepository({ '.github/sluice/config.yml': 'commands: {}\n' });

    const { status } = await sluice(dir, 'init', '--force');

    expect(status).toBe(0);
    expect(readFileSync(join(dir, '.github/sluice/config.yml'), 'utf8')).toContain('npm test');
  });

  it('knows the preset that was meant', async () => {
    const { status, err } = await sluice(aRepository(), 'init', '--preset', 'enterprize');

    expect(status).toBe(2);
    expect(err).toBe('sluice: there is no preset `enterprize`. Did you mean `enterprise`?\n');
  });
});

describe('sluice eject', () => {
  it.each([...BUILTIN.definitions.keys()])(
    'copies %s with all it needs, and the copy counts from then on',
    async (name) => {
      const dir = aRepository();

      const ejected = await sluice(dir, 'eject', name, '--json');
      const doctor = await sluice(dir, 'doctor');
      const listed = await sluice(dir, 'list', '--json');

      expect(JSON.parse(ejected.out).written.toSorted()).toEqual(filesIn(dir));
      expect(doctor.out).not.toMatch(/error|note: no workflow/);
      const row = JSON.parse(listed.out).workflows.find(
        (one: { name: string }) => one.name === name,
      );
      expect(row).toMatchObject({ origin: 'repository', replaces: true });
    },
  );

  it('copies a workflow word for word, with its personas', async () => {
    const dir = aRepository();

    await sluice(dir, 'eject', 'tdd');

    const folder = join(import.meta.dirname, '../../../workflows');
    const copy = readFileSync(join(dir, '.github/sluice/workflows/tdd.yml'), 'utf8');
    expect(copy).toBe(readFileSync(join(folder, 'tdd.yml'), 'utf8'));
    expect(filesIn(join(dir, '.github/sluice/personas'))).toEqual([
      'coder.md',
      'expert-coder.md',
      'test-designer.md',
    ]);
  });

  it('copies a layer with its gates, its tools and the prompts of every type of issue', async () => {
    const dir = aRepository();

    await sluice(dir, 'eject', 'sdlc');

    const copied = filesIn(join(dir, '.github/sluice/agentic-layer'));
    for (const file of [
      'gates/test-coverage.yaml',
      'tools/file-system.yaml',
      'prompts/plan-bug.md',
    ])
      expect(copied).toContain(file);
    expect((await sluice(dir, 'doctor')).out).toBe('1 workflow: nothing to report\n');
  });

  it('says which workflows are shipped when it is asked for another', async () => {
    const { status, err } = await sluice(aRepository(), 'eject', 'zzz');

    expect(status).toBe(2);
    expect(err).toMatch(/^sluice: no workflow `zzz` is shipped\. There are .*code-review/);
  });
});

describe('sluice list', () => {
  it('names broken files and ends with 1', async () => {
    const dir = aRepository({ '.github/sluice/workflows/a.yml': 'name: a\n' });

    const { status, out, err } = await sluice(dir, 'list');

    expect(status).toBe(1);
    expect(out).toMatch(/^feature +\d+ steps, 2 gates +built-in: /m);
    expect(err).toBe('.github/sluice/workflows/a.yml is broken: `sluice doctor` says why.\n');
  });
});

describe('a unit of work-buddy as JSON', () => {
  const unit = {
    workflow_name: 'triage',
    steps: [{ id: 'sort', name: 'Sort', step_type: 'code', instruction: 'Sort the tasks.' }],
  };
  const files = { '.github/sluice/workflows/triage.json': JSON.stringify(unit) };

  it('is listed, with what should be written in another way', async () => {
    const { status, out, err } = await sluice(aRepository(files), 'list');

    expect(status).toBe(0);
    expect(out).toMatch(/^triage +1 step, 0 gates +repository: /m);
    expect(err).toMatch(/^\.github\/sluice\/workflows\/triage\.json:1:\d+: warning: /);
  });

  it('is listed for machines', async () => {
    const { out } = await sluice(aRepository(files), 'list', '--json');

    expect(JSON.parse(out).warnings).toMatchObject([
      { path: '.github/sluice/workflows/triage.json', line: 1, severity: 'warning' },
    ]);
  });

  it('is planned and played', async () => {
    const dir = aRepository(files);

    const planned = await sluice(dir, 'plan', 'triage');
    const played = await sluice(dir, 'simulate', 'triage');

    expect([planned.status, played.status]).toEqual([0, 0]);
  });
});

describe('sluice plan', () => {
  it('prints graph, rights, gates and prompts of a shipped workflow for a task', async () => {
    const { status, out } = await sluice(aRepository(), 'plan', 'feature', 'Add a dark mode');

    expect(status).toBe(0);
    expect(out).toContain('```mermaid\nflowchart TD');
    expect(out).toContain('<data name="task">Add a dark mode</data>');
    expect(out).toContain('| `review-implementation` | CodeReviewer | readonly | implement |');
    expect(out).toMatch(/\nPrompts: about \d+ tokens/);
    expect(out).not.toMatch(/\{\{|\$\{/);
  });

  it.each([...BUILTIN.definitions.keys()])('can render every prompt of %s', async (name) => {
    const { status, out } = await sluice(aRepository(), 'plan', name, '--json');

    expect(status).toBe(0);
    const problems = JSON.parse(out).steps.map((step: { problem: unknown }) => step.problem);
    expect(new Set(problems)).toEqual(new Set([null]));
  });
});

describe('sluice simulate', () => {
  const SCRIPT =
    'steps: {review-implementation: [ok, ok]}\ngates: {review-implementation: [{revise: Smaller}, approve]}\n';

  it('plays a decision script and prints the way with its reasons', async () => {
    const dir = aRepository({ 'script.yml': SCRIPT });

    const { status, out } = await sluice(dir, 'simulate', 'feature', '--script', 'script.yml');

    expect(status).toBe(0);
    expect(out).toContain(
      'G1 of review-implementation: revise\n    gate-decided – revise: G1\n    revise review-implementation – round 1 of 3, to implement\n    node-ready implement (visit 2)\n',
    );
    expect(out).toMatch(/The run ends as succeeded\.\n$/);
  });

  it('ends with 1 when part of the script was never used', async () => {
    const dir = aRepository({ 'script.yml': 'steps: {red: [fail, ok]}\n' });

    const { status, out, err } = await sluice(dir, 'simulate', 'tdd', '--script', 'script.yml');

    expect(status).toBe(1);
    expect(out).toContain('The run ends as failed (step-failed).');
    expect(err).toBe('not used of the script: steps.red: 1 of 2\n');
  });

  it('refuses a script that names a step there is not', async () => {
    const dir = aRepository({ 'script.yml': 'steps: {rde: [ok]}\n' });

    const { status, err } = await sluice(dir, 'simulate', 'tdd', '--script', 'script.yml');

    expect(status).toBe(2);
    expect(err).toContain('the script names `rde`, but there is no such step. Did you mean `red`?');
  });

  it('shows the places of what is wrong with a script', async () => {
    const dir = aRepository();
    writeFileSync(join(dir, 'script.yml'), 'gates: {red: [maybe]}\n');

    const { status, err } = await sluice(dir, 'simulate', 'tdd', '--script', 'script.yml');

    expect(status).toBe(1);
    expect(err).toMatch(/^script\.yml:1:15: /);
  });

  it('ends with 1 and names the step when one never starts', async () => {
    const dir = aRepository({
      '.github/sluice/workflows/a.yml': `name: a
params: {depth: {choices: [shallow, deep], default: deep}}
steps:
  - {id: look, agent: Researcher, prompt: x}
  - {id: dig, agent: Researcher, prompt: x, depends_on: [look], when: params.depth == "shallow"}
`,
    });

    const { status, out } = await sluice(dir, 'simulate', 'a', '--exhaustive');

    expect(status).toBe(1);
    expect(out).toContain('Steps that never start:\n  main/dig\n');
  });

  it('refuses a bound that is no number', async () => {
    const { status, err } = await sluice(
      aRepository(),
      'simulate',
      'tdd',
      '--exhaustive',
      '--bound',
      'much',
    );

    expect(status).toBe(2);
    expect(err).toBe('sluice: --bound needs a whole number of at least 1, not `much`.\n');
  });
});

describe('every command', () => {
  it.each(['doctor', 'plan', 'simulate', 'list', 'init', 'eject'])(
    '%s explains itself with --help',
    async (name) => {
      const { status, out } = await sluice(aRepository(), name, '--help');

      expect(status).toBe(0);
      expect(out).toMatch(new RegExp(`^sluice ${name}: .+\n\nUsage: sluice ${name}`));
      expect(out).toContain('--help');
      expect(out).toContain('--json');
    },
  );
});

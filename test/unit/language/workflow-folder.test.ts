import { describe, expect, it } from 'vitest';
import { readWorkflowFolder } from '#src/language/folder/workflow-folder.ts';
import { renderProblem } from '#src/language/problems/problem.ts';
import { personas } from '#test/support/language/builders.ts';

const options = { prefix: '.github/sluice/', workflows: 'workflows/', personas };

function aWorkflow(name: string, agent = 'Researcher'): string {
  return `name: ${name}\nsteps: [{id: a, agent: ${agent}, prompt_file: prompts/a.md}]\n`;
}

const prompt = { 'prompts/a.md': 'Do {{ task }}' };

describe('readWorkflowFolder', () => {
  it('finds workflows by name, and leaves other files alone', () => {
    const folder = readWorkflowFolder(
      {
        ...prompt,
        'workflows/one.yml': aWorkflow('first'),
        'workflows/two.yaml': aWorkflow('second'),
        'workflows/deeper/three.yml': aWorkflow('third'),
        'workflows/notes.md': 'no workflow',
        'config.yml': 'version: 1',
      },
      options,
    );

    expect([...folder.definitions.keys()]).toEqual(['first', 'second']);
    expect(folder.definitions.get('first')?.files).toEqual(prompt);
    expect(folder.problems).toEqual([]);
  });

  it('says which workflows one label or command would start', () => {
    const folder = readWorkflowFolder(
      {
        ...prompt,
        'workflows/one.yml': `${aWorkflow('release')}on: {label: ship}\n`,
        'workflows/two.yml': aWorkflow('ship'),
      },
      options,
    );

    expect(folder.problems.map(renderProblem)).toEqual([
      '.github/sluice/workflows/two.yml:1:7: the label `ship` starts `release` in `.github/sluice/workflows/one.yml` too, so it starts neither; give one of them another name.',
    ]);
  });

  it('warns of keys that do nothing yet, where they stand', () => {
    const on =
      'on:\n  label: first\n  schedule: {cron: "0 6 * * 1"}\n  dispatch: false\ncontext: {include: [linked_issues]}\n';
    const folder = readWorkflowFolder(
      { ...prompt, 'workflows/one.yml': aWorkflow('first') + on },
      options,
    );

    expect(folder.problems).toEqual([]);
    expect(folder.warnings.map(renderProblem)).toEqual([
      '.github/sluice/workflows/one.yml:5:3: `on.schedule` is not supported yet: the clock starts nothing.',
      '.github/sluice/workflows/one.yml:7:11: `context.include` is not supported yet: linked issues are not read.',
    ]);
  });

  it('lets a persona of the folder replace one from below', () => {
    const folder = readWorkflowFolder(
      {
        ...prompt,
        'personas/researcher.md': '---\nname: Researcher\n---\nMine.',
        'personas/dba.md': '---\nname: Dba\n---\nSQL.',
        'workflows/a.yml': aWorkflow('a', 'Dba'),
      },
      options,
    );

    expect(folder.personas['Researcher']?.systemPrompt).toBe('Mine.');
    expect(folder.personas['Planner']).toBe(personas['Planner']);
    expect(folder.problems).toEqual([]);
  });

  it('keeps what is sound, and names the files of all problems in full', () => {
    const folder = readWorkflowFolder(
      {
        'prompts/a.md': 'Do {{ taks }}',
        'personas/bad.md': 'no front matter',
        'workflows/bad.yml': aWorkflow('bad'),
        'workflows/good.yml': 'name: good\nsteps: [{id: a, agent: Planner, prompt: x}]\n',
        'workflows/worse.yml': 'name: worse\n',
      },
      options,
    );

    expect([...folder.definitions.keys()]).toEqual(['good']);
    expect(folder.problems.map(renderProblem)).toEqual([
      '.github/sluice/personas/bad.md:1:1: a persona file starts with `---`, its name and description as YAML, and `---`.',
      '.github/sluice/prompts/a.md:1:7: nothing is called `taks` here. Did you mean `task`?',
      '.github/sluice/workflows/worse.yml:1:1: the workflow needs the key `steps`.',
    ]);
  });

  it('refuses two files with one name', () => {
    const folder = readWorkflowFolder(
      {
        ...prompt,
        'workflows/a.yml': aWorkflow('same'),
        'workflows/b.yml': aWorkflow('same'),
        'personas/a.md': '---\nname: Dba\n---\nOne.',
        'personas/b.md': '---\nname: Dba\n---\nTwo.',
      },
      options,
    );

    expect(folder.definitions.get('same')?.path).toBe('.github/sluice/workflows/a.yml');
    expect(folder.problems.map(({ path, code }) => [path, code])).toEqual([
      ['.github/sluice/personas/b.md', 'duplicate'],
      ['.github/sluice/workflows/b.yml', 'duplicate'],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { readFolder } from '#test/support/language/dialect-folder.ts';

describe('a file that is not sound', () => {
  it.each([
    ['workflow.yaml', 'phases: [paln]\n', ['sdlc']],
    ['agentic-layer/workflow.yaml', 'name: ship it\nphases: [paln]\n', ['ship-it', 'sdlc']],
    ['workflows/a.yml', 'name: tdd\nsteps: []\n', ['tdd', 'a']],
    ['workflows/a.yml', 'name: tdd\n  steps: [\n', ['tdd', 'a']],
    [
      'workflows/store.json',
      '[{"workflow_name": "one", "steps": []},\n {"workflow_name": "two_b", "steps": []}]',
      ['one', 'two-b', 'store'],
    ],
  ])('%s still stands for the names it tells', (file, text, names) => {
    const [broken] = readFolder({ [file]: text }).broken;

    expect(broken?.names).toEqual(names);
  });

  it('keeps what is wrong with the files it uses', () => {
    const { broken } = readFolder({
      'workflow.yaml': 'phases: [plan]\n',
      'prompts/plan.md': '{{ taks }}',
    });

    expect(broken).toMatchObject([
      { names: ['sdlc'], problems: [{ path: 'prompts/plan.md', line: 1 }] },
    ]);
  });
});

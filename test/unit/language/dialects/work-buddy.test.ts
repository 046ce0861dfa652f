import { describe, expect, it } from 'vitest';
import { renderProblem } from '#src/language/problems/problem.ts';
import {
  definitionIn,
  example,
  mainGraph,
  messagesFor,
  planIn,
  readFolder,
} from '#test/support/language/dialect-folder.ts';
import { playPlan } from '#test/support/language/play-plan.ts';

const STORE = {
  'workflows/workflows.json': example('work-buddy/workflows.json'),
  'workflows/task-triage.md': example('work-buddy/task-triage.md'),
};
const morning = () => planIn(STORE, 'morning');
const node = (id: string) => mainGraph(morning()).nodes.find((candidate) => candidate.id === id);

describe('a unit of work-buddy', () => {
  it('compiles and runs as it stands in its documentation', () => {
    const files = { 'workflows/morning.yaml': example('work-buddy/morning.yaml') };

    const { player, order } = playPlan(planIn(files, 'morning'));

    expect(order).toEqual(['load-config']);
    expect(player.run.status).toBe('succeeded');
  });

  it('runs one step at a time, the child where it is named, and asks before what needs consent', () => {
    const { player, order } = playPlan(morning(), {
      summarise: [{ data: { summary: 'Quiet.', open: [] } }],
    });

    expect(morning().dialect).toBe('work-buddy');
    expect(mainGraph(morning()).maxParallel).toBe(1);
    expect(order).toEqual([
      'load-config',
      'list-notes',
      'summarise',
      'calendar',
      'triage/collect',
      'triage/decide',
      'send',
    ]);
    expect(player.run.gates.map(({ kind, node: at }) => [kind, at])).toEqual([['consent', 'send']]);
    expect(player.run.status).toBe('succeeded');
  });

  it('goes on without an optional step', () => {
    const { disposition, requires } = node('calendar') ?? {};

    expect({ disposition, requires }).toEqual({ disposition: 'optional', requires: ['calendar'] });
  });

  it('calls our functions for theirs, with seconds as time and steps and parameters as input', () => {
    expect(node('load-config')).toMatchObject({
      kind: 'auto',
      callable: {
        name: 'repo.read_file',
        kwargs: { path: '.github/sluice/config.yml' },
        timeoutMs: 30_000,
      },
    });
    expect(node('list-notes')).toMatchObject({
      callable: { name: 'repo.list_files', inputMap: { limit: 'params.limit' } },
    });
  });

  it('shows a step what it depends on, and nothing else', () => {
    const send = node('send');

    expect(send).toMatchObject({ inputs: ['triage'], execution: 'subagent' });
    expect(send).toMatchObject({ prompt: expect.stringContaining('{{ outputs["triage"] }}') });
    expect(send).toMatchObject({ prompt: expect.not.stringContaining('calendar') });
  });

  it('hands an instruction on as it is, whatever it looks like', () => {
    expect(node('summarise')).toMatchObject({
      prompt: expect.stringContaining(
        '{% raw %}Sum up the notes. Write {{ braces }} and ${dollars} as they are.{% endraw %}',
      ),
    });
  });

  it('checks the result and shows of it what is meant to be seen', () => {
    expect(node('summarise')).toMatchObject({
      result: {
        schema: {
          required: ['summary', 'open'],
          properties: { summary: { type: 'string' }, open: { type: 'array' } },
        },
      },
      visibility: { mode: 'summary', include: ['summary'], exclude: [] },
      execution: 'main',
      meta: { allow_override: false },
    });
  });

  it('gives its context once and asks for the parameters it needs', () => {
    const { instructions, policies } = morning();

    expect(instructions).toBe('Be brief. Never promise anything in the name of somebody else.');
    expect(policies.params).toMatchObject({
      day: { type: 'string', required: true, description: 'Which day' },
      limit: { type: 'integer', required: false },
    });
  });

  it('takes instructions and context from the sections of a Markdown file', () => {
    const { spec } = definitionIn(STORE, 'task-triage');

    expect(spec.instructions).toBe('Sort, do not solve.');
    expect(spec.steps[0]?.prompt).toContain('Collect what is open.\n\n### Where to look');
    expect(spec.steps[1]?.prompt).toContain('## not a heading');
  });

  it('says what has no effect here without refusing the file', () => {
    const text = `workflow_name: loose
command: wb-loose
available_when: {mode: work}
steps:
  - {id: a, step_type: code, instruction: Do it.}
  - {id: b, step_type: code, auto_run: {callable: git.diff_stat, retry_on_timeout: false}}
`;

    const folder = readFolder({ 'workflows/loose.yaml': text });

    expect(folder.definitions.has('loose')).toBe(true);
    expect(folder.warnings.map(renderProblem)).toEqual([
      'workflows/loose.yaml:2:1: every workflow has a command of its own; `command` is not used.',
      'workflows/loose.yaml:3:1: there are no modes here, so `available_when` is not asked.',
      'workflows/loose.yaml:5:24: step `a` is `code` without `auto_run`, so an agent carries out its instruction.',
      'workflows/loose.yaml:6:84: a function that runs out of time is always called once more.',
    ]);
  });

  it('reads a README beside the workflows as what it is', () => {
    expect(
      messagesFor({ 'workflows/README.md': '# Workflows\n\n---\nsteps: none\n---\n' }),
    ).toEqual([]);
  });
});

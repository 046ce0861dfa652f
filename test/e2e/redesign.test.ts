import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import type { Comment } from '#test/support/github/model.ts';
import type { ScriptEntry } from '#test/support/scripted/scenario.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { executed, task } from '#test/support/story/recipe-answers.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn, labelOn } from '#test/support/story/watch.ts';

const analysis = (scale: string) => ({
  taskType: 'feature',
  scale,
  confidence: 'confirmed',
  affectedFiles: ['src/greet.js'],
  affectedLayers: ['backend'],
  adrRequired: false,
  scopeDependencies: [],
  questions: [],
});
const file = (path: string) => ({ write: { path, content: 'done\n' } });

/** The executor of the second task does not end by itself. */
const PROMPTS: readonly ScriptEntry[] = [
  {
    match: 'Find out what is really asked for.*Greet everybody.*the export is enough',
    steps: [{ text: 'Only one file now.' }, { result: analysis('small') }],
  },
  {
    match: 'Find out what is really asked for',
    steps: [{ text: 'Four files.' }, { result: analysis('medium') }],
  },
  {
    match: 'Write the design document',
    steps: [
      file('docs/design.md'),
      {
        result: {
          design_doc: 'docs/design.md',
          verification_strategy: 'tests',
          technical_requirements: ['It greets.'],
          protected_boundaries: [],
        },
      },
    ],
  },
  {
    match: 'Turn the acceptance criteria into skeletons',
    steps: [
      {
        result: {
          status: 'skipped',
          generatedFiles: [],
          integration_tests: null,
          integration_tests_absence_reason: 'Nothing to integrate.',
          e2eAbsenceReason: 'No browser.',
          e2e_tests: null,
          e2e_tests_absence_reason: 'No browser.',
        },
      },
    ],
  },
  {
    match: 'Write the work plan',
    steps: [
      file('docs/plans/plan.md'),
      {
        result: {
          plan: 'docs/plans/plan.md',
          traceability: [{ requirement: 'It greets.', category: 'impl-target', state: 'covered' }],
          gaps: [],
        },
      },
    ],
  },
  {
    match: 'Turn the work plan into task files',
    steps: [
      file('docs/plans/tasks/task-first.md'),
      file('docs/plans/tasks/task-second.md'),
      { result: { status: 'completed', tasks: [task('first'), task('second', ['first'])] } },
    ],
  },
  {
    match: 'Carry out exactly this task.*task-second',
    steps: [file('src/second.js'), { delay: 600_000 }],
  },
  {
    match: 'Carry out exactly this task.*task-first',
    steps: [file('src/first.js'), { result: executed('feat: say hello') }],
  },
  {
    match: 'Carry out exactly this task.*Change src/small.js',
    steps: [file('src/small.js'), { result: executed('feat: export the greeting') }],
  },
  { match: 'Is it possible', steps: [{ text: 'No.' }, { result: { status: 'blocked' } }] },
  { match: 'Plan it in a few lines', steps: [{ text: 'Change src/small.js.' }] },
  { steps: [{ text: 'Looked at it.' }, { result: 'auto' }] },
];

const SKETCH = `
name: sketch
redesign: {to: ask}
steps:
  - {id: ask, agent: Planner, prompt: Ask, stop: true}
  - {id: draw, agent: Planner, prompt: Draw, depends_on: [ask], stop: true}
`;

const STUCK = `
name: stuck
redesign: {to: ask}
steps:
  - {id: ask, agent: Planner, prompt: Ask, stop: true, approval: {batch: true}}
  - id: work
    agent: Planner
    prompt: Is it possible?
    depends_on: [ask]
    result: {required_keys: [status]}
    status_field: status
`;

const stage = useStage({ workflows: { sketch: SKETCH, stuck: STUCK }, prompts: PROMPTS });

/** Approves whatever it stops at until the second task is at work. */
async function startTasks(): Promise<number> {
  const { number: issue } = await stage.issue('Greet everybody', 'Greet everybody by name.');
  await stage.github.as('bob').label(issue, 'sluice:implement');
  let gate = await gateOn(stage.github, issue);
  for (const next of ['design-sync', 'plan-approval', null]) {
    await stage.say('bob', issue, '/approve');
    if (next !== null) gate = await gateOn(stage.github, issue, gate);
  }
  await eventually(
    'the second task at work',
    async () => {
      const [run] = await ownComments(stage.github, issue, 'run');
      return run?.body.includes('**Now:** `build/tasks[1]/cycle/execute`');
    },
    120_000,
  );
  return issue;
}

async function changedOn(issue: number): Promise<Comment> {
  return eventually('the question about the new requirements', async () => {
    const gates = await ownComments(stage.github, issue, 'gate');
    return gates.find(({ body }) => body.includes('**The requirements have changed**'));
  });
}

/** More than twenty steps of agents. */
const LONG = { timeout: 300_000 };

describe('requirements that change while the tasks are carried out', LONG, () => {
  it('/revise halts the tasks, and the whole is designed again with the old and the new text', async () => {
    const issue = await startTasks();
    const denied = await stage.say('rita', issue, '/revise the export is enough');
    expect(denied.reaction).toBe('-1');

    const { reaction } = await stage.say('bob', issue, '/revise the export is enough');

    expect(reaction).toBe('eyes');
    const gate = await changedOn(issue);
    expect(gate.body).toContain('### ⏸️ Decision needed: requirements');
    expect(gate.body).toContain('**The requirements have changed**, says bob.');
    expect(gate.body).toContain('Still to be done again: `plan` and `build`.');
    expect(gate.body).toContain('> the export is enough');
    const [run] = await ownComments(stage.github, issue, 'run');
    expect(run?.body).not.toContain('**Now:** `build');
    await stage.say('bob', issue, '/approve');
    await gateOn(stage.github, issue, gate);
    await stage.say('bob', issue, '/approve');
    await labelOn(stage.github, issue, 'sluice:done');

    await stage.calm();
    const [branch = ''] = stage.github
      .branches()
      .filter((name) => name.startsWith(`sluice/${issue}-`));
    const commits = (await stage.github.commits(branch)).map(({ message }) => message);
    const subjects = commits.map((message) => message.split('\n')[0]);
    expect(subjects[0]).toBe('feat: export the greeting');
    expect(subjects).toContain('feat: say hello');
    expect(await stage.github.fileAt(branch, 'src/first.js')).toBe('done\n');
    expect(await stage.github.fileAt(branch, 'src/second.js')).toBeNull();
  });
});

describe('/redesign at a gate', () => {
  it('goes back past what the gate itself offers, and the gate after it says so', async () => {
    const { number: issue } = await stage.issue('Sketch it');
    await stage.github.as('bob').label(issue, 'sluice:sketch');
    const first = await gateOn(stage.github, issue);
    await stage.say('bob', issue, '/approve');
    const second = await gateOn(stage.github, issue, first);
    expect(second.body).toContain(
      '| `/redesign what is wanted now` | the requirements have changed: stops what runs, and does `ask` and `draw` again',
    );

    const { reaction } = await stage.say('bob', issue, '/redesign in blue');

    expect(reaction).toBe('eyes');
    const again = await changedOn(issue);
    expect(again.body).toContain('Still to be done again: `draw`.');
    const closed = (await ownComments(stage.github, issue, 'gate')).find(
      ({ id }) => id === second.id,
    );
    expect(closed?.body).toContain('Void: an earlier step runs again');
  });
});

describe('/revise at a call for help', () => {
  it('lets the run begin again with the new requirements', async () => {
    const { number: issue } = await stage.issue('Do the impossible');
    await stage.github.as('bob').label(issue, 'sluice:stuck');
    const first = await gateOn(stage.github, issue);
    await stage.say('bob', issue, '/approve');
    const call = await gateOn(stage.github, issue, first);
    expect(call.body).toContain('| `/sluice redesign what is wanted now` | the requirements');

    const { reaction } = await stage.say('bob', issue, '/revise something possible');

    expect(reaction).toBe('eyes');
    const again = await changedOn(issue);
    expect(again.body).toContain('> something possible');
    expect(again.body).toContain('Still to be done again: `work`.');
    await labelOn(stage.github, issue, 'sluice:waiting');
  });
});

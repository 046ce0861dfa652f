import { describe, expect, it } from 'vitest';
import { redesignedSteps, stepsToRepeat } from '#src/engine/read/redesigned-steps.ts';
import type { Json } from '#src/plan/json.ts';
import { done, Player } from '#test/support/engine/player.ts';
import { planOf } from './built-in.ts';

const task = (id: string) => ({
  id,
  file: `${id}.md`,
  title: id,
  layer: 'backend',
  depends_on: [],
});
const approved = { verdict: { decision: 'approved', conditions: [] }, findings: [] };
const DATA: Readonly<Record<string, Json>> = {
  'requirement-analysis': { scale: 'medium', affectedLayers: ['backend'], adrRequired: false },
  'design-review': approved,
  'design-sync': { sync_status: 'NO_CONFLICTS', conflicts: [] },
  'work-plan': { gaps: [] },
  'task-decomposition': { status: 'completed', tasks: [task('one'), task('two')] },
};

/** Lets a recipe go on, approving whatever it asks, until this step is handed to a worker. */
function playTo(play: Player, step: string): Player {
  const open = [...play.dispatched];
  for (let act = 0; act < 100; act += 1) {
    const node = open.shift();
    if (node?.endsWith(step)) return play;
    if (node === undefined && play.gates.length === 0) break;
    if (node === undefined) play.decide('approve');
    else answer(play, node);
    open.push(...play.dispatched);
  }
  throw new Error(`${step} was not reached`);
}

function answer(play: Player, node: string): void {
  const id = node.split('/').at(-1) ?? node;
  const { [id]: data = { status: 'completed' } } = DATA;
  const list = id === 'gaps' ? [] : id === 'tasks' ? [task('one'), task('two')] : null;
  play.finish(node, done({ data, items: list, digest: null }));
}

describe('implement, when requirements change while the tasks are carried out', () => {
  it('halts the tasks and designs the whole again, with every stop on the way', () => {
    const plan = planOf('implement');
    const play = playTo(new Player(plan).start(), 'tasks[1]/cycle/execute');
    expect(play.run.autonomous).toBe(true);
    expect(redesignedSteps(plan, play.run)).toEqual(['design', 'plan', 'build']);

    play.take('build/tasks[1]/cycle/execute');
    play.apply({ type: 'run.redesigned', by: 'bob', text: 'The export too' });

    expect(play.stopped).toEqual(['build/tasks[1]/cycle/execute']);
    expect(play.dispatched).toEqual(['design/requirement-analysis']);
    expect(play.run.autonomous).toBe(false);
    expect(play.state('design/requirement-analysis').loopContext?.guidance).toMatchObject([
      { by: 'bob', text: 'The export too' },
    ]);
    answer(play, 'design/requirement-analysis');
    expect(play.gates).toMatchObject([{ node: 'design/requirement-analysis', kind: 'stop-point' }]);
    expect(stepsToRepeat(plan, play.run)).toEqual(['plan', 'build']);
  });
});

describe('a later stop of a design', () => {
  it('takes changed requirements besides corrections, and analyses the old and the new text', () => {
    const plan = planOf('design');
    const play = playTo(new Player(plan).start(), 'design-sync');
    answer(play, 'design-sync');
    expect(play.gates).toMatchObject([{ node: 'design-sync', revise: { to: 'technical-design' } }]);

    play.apply({ type: 'run.redesigned', by: 'bob', text: 'The export too' });

    expect(play.gates).toEqual([]);
    expect(play.dispatched).toEqual(['requirement-analysis']);
    expect(play.state('requirement-analysis').loopContext).toMatchObject({
      guidance: [{ text: 'The export too' }],
      source: { node: 'requirement-analysis', visit: 1 },
    });
  });
});

describe('workflows with a step for requirements', () => {
  it.each([
    ['design', 'requirement-analysis'],
    ['front-design', 'design'],
    ['fullstack-implement', 'design'],
    ['implement', 'design'],
    ['task', 'rules'],
  ])('%s goes back to %s', (name, to) => {
    expect(planOf(name).policies.redesign).toEqual({ to });
  });
});

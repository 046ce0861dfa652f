import { describe, expect, it } from 'vitest';
import type { StartCommand } from '#src/commands/command.ts';
import { advanceRun } from '#src/runs/advance-run.ts';
import { findLatestRun, findLiveRuns } from '#src/store/find-runs.ts';
import { findWaitingStarts } from '#src/store/waiting-starts.ts';
import { startAgain } from '#src/verbs/start/start-again.ts';
import { startFallback } from '#src/verbs/start/start-fallback.ts';
import { agent, aPlan } from '#test/support/engine/plan-builder.ts';
import { failed } from '#test/support/engine/player.ts';
import {
  type Asking,
  answers,
  aRun,
  ask,
  finish,
  jobs,
  REPOSITORY,
  stored,
  tell,
  useDesk,
} from '#test/support/verbs/desk.ts';

const desk = useDesk();

const OUTLINE = `
name: outline
description: Plans
steps:
  - {id: plan, agent: Planner, prompt: 'Plan {{ task }}', output: plan}
`;
const START: StartCommand = { type: 'start', workflow: 'outline', task: null, params: {} };
const LABEL: Asking = { via: 'label', text: 'sluice:outline' };

function withWorkflow(text = OUTLINE, name = 'outline'): void {
  desk.forge.files.set(`.github/sluice/workflows/${name}.yml`, text);
}

function withLabel(name = 'sluice:outline'): void {
  const item = desk.forge.items.get(desk.number);
  if (item !== undefined) desk.forge.items.set(desk.number, { ...item, labels: ['bug', name] });
}

const here = () => ({ repositoryId: REPOSITORY.id, subjectNumber: desk.number });

async function latest() {
  const found = await findLatestRun(desk.database.db, here());
  return found === undefined ? null : stored(desk, found.id);
}

describe('a start', () => {
  it('works on the item as it is written, from the head of the default branch', async () => {
    withWorkflow();

    const performed = await ask(desk, START);

    const run = await latest();
    expect(performed).toEqual({ moment: 'admitted' });
    expect(run?.run.status).toBe('running');
    expect(run?.context).toMatchObject({
      origin: 'github',
      workflow: 'outline',
      task: 'Broken cart\n\nIt drops what was put in.',
      baseSha: 'a'.repeat(40),
      baseRef: 'main',
      subject: { type: 'issue', number: desk.number, author: 'rita' },
    });
    expect(run?.plan.source).toMatchObject({ origin: 'repository', commit: 'a'.repeat(40) });
    expect(await jobs(desk)).toContain('execute-node');
  });

  it('takes the words of the command for the task', async () => {
    withWorkflow();

    await ask(desk, { ...START, task: 'Only the plan.' });

    expect((await latest())?.context.task).toBe('Only the plan.');
  });

  it('takes a built-in workflow where the repository has none of that name', async () => {
    await ask(desk, { ...START, workflow: 'feature' });

    expect((await latest())?.plan.source.origin).toBe('built-in');
  });

  it('happens once, however often its delivery comes', async () => {
    withWorkflow();
    const key = 'start-twice/0';

    const both = [await ask(desk, START, { key }), await ask(desk, START, { key })];

    expect(both).toEqual([{ moment: 'admitted' }, { moment: 'admitted' }]);
    expect(await findLiveRuns(desk.database.db, here())).toHaveLength(1);
  });

  it('on a pull request begins at its head, and its change is known', async () => {
    withWorkflow();
    aPull({ fromFork: false });

    await ask(desk, START);

    expect((await latest())?.context).toMatchObject({
      baseSha: 'f'.repeat(40),
      baseRef: 'cart',
      subject: { type: 'pull-request', change: { from: 'a'.repeat(40), into: 'main' } },
    });
  });
});

function aPull({ fromFork = false, state = 'open' as 'open' | 'closed' }): void {
  const { number, forge } = desk;
  const item = forge.items.get(number);
  if (item !== undefined) forge.items.set(number, { ...item, isPullRequest: true });
  forge.pulls.set(number, {
    number,
    state,
    baseBranch: 'main',
    headBranch: 'cart',
    headSha: 'f'.repeat(40),
    fromFork,
  });
}

describe('a start that does not happen', () => {
  it.each<[string, () => void, RegExp]>([
    ['there is no such workflow', () => undefined, /no workflow called `outline` here/],
    ['its file is broken', () => withWorkflow('name: outline\nsteps: 3\n'), /outline/],
    [
      'it is started by a label only',
      () => withWorkflow(`${OUTLINE}on: {label: outline}\n`),
      /outline/,
    ],
  ])('says so when %s', async (_, arrange, answer) => {
    arrange();

    const performed = await ask(desk, START);

    expect([performed.moment, performed.answer]).toEqual([
      'not-understood',
      expect.stringMatching(answer),
    ]);
    expect(await latest()).toBeNull();
  });

  it('says so when the item is gone', async () => {
    withWorkflow();
    desk.forge.items.delete(desk.number);

    expect((await ask(desk, START)).answer).toContain('it is not there any more');
  });

  it('says so when the workflow does not work on such items', async () => {
    withWorkflow(`${OUTLINE}on: {label: {name: outline, items: [pr]}}\n`);

    expect((await ask(desk, START, LABEL)).answer).toContain('it works on pull requests only');
  });

  it('says so when the repository has no commit', async () => {
    desk.forge.branches.clear();

    const { answer } = await ask(desk, { ...START, workflow: 'feature' });

    expect(answer).toContain('the repository has no commit on `main` yet');
  });

  it('says so when the pull request is closed', async () => {
    withWorkflow();
    aPull({ state: 'closed' });

    expect((await ask(desk, START)).answer).toContain('the pull request is closed');
  });

  it('names the run of the workflow that is live here', async () => {
    withWorkflow();
    await ask(desk, START);
    const live = await latest();

    const { moment, answer } = await ask(desk, START);

    expect(moment).toBe('not-understood');
    expect(answer).toContain(`run \`${live?.run.id}\` of \`outline\` is still live here`);
  });

  it('names a rule of the workflow that says no', async () => {
    withWorkflow(`${OUTLINE}skip_if: {labels: [wontfix]}\n`);
    withLabel('wontfix');

    const { moment, answer } = await ask(desk, START);

    expect(moment).toBe('not-understood');
    expect(answer).toContain('wontfix');
  });

  it('is answered to those only who could have started it', async () => {
    const { moment, answer } = await ask(desk, START, { by: 'tess' });

    expect(moment).toBe('not-allowed');
    expect(answer).toContain('starting a workflow needs write access');
  });
});

describe('who may start', () => {
  it('is said by the workflow', async () => {
    withWorkflow(`${OUTLINE}on: {command: {name: outline, by: triage}}\n`);

    const reader = await ask(desk, START, { by: 'rita' });
    const triager = await ask(desk, START, { by: 'tess' });

    expect(reader.answer).toContain('starting a workflow needs triage access');
    expect(triager).toEqual({ moment: 'admitted' });
  });
});

describe('a label', () => {
  it('stays on when it has started something', async () => {
    withWorkflow();
    withLabel();

    await tell(desk, START, LABEL);

    expect(desk.forge.written).toEqual([`react eyes item ${desk.number}`]);
  });

  it('comes off when it has started nothing', async () => {
    withLabel();

    await tell(desk, START, LABEL);

    expect(desk.forge.written).toEqual([
      `label ${desk.number} -sluice:outline`,
      `react confused item ${desk.number}`,
    ]);
  });

  it('comes off when it was set by somebody who may not start', async () => {
    withWorkflow();
    withLabel();

    await tell(desk, START, { ...LABEL, by: 'tess' });

    expect(desk.forge.items.get(desk.number)?.labels).toEqual(['bug']);
    expect(desk.forge.written.at(-1)).toBe(`react -1 item ${desk.number}`);
    expect(await answers(desk)).toEqual([expect.stringContaining('needs write access')]);
  });

  it('stays on when a bot has set it, and nothing is said', async () => {
    withWorkflow();
    withLabel();

    await tell(desk, START, { ...LABEL, by: 'helper[bot]', actorType: 'Bot' });

    expect(desk.forge.written).toEqual([]);
    expect(await answers(desk)).toEqual([]);
  });

  it('that was taken off to cancel is left to the run, whatever came of it', async () => {
    withLabel('sluice:running');

    await tell(
      desk,
      { type: 'cancel', run: null, reason: null },
      { via: 'label', text: 'sluice:running' },
    );

    expect(desk.forge.written).toEqual([`react confused item ${desk.number}`]);
  });
});

describe('a start that waits', () => {
  const QUEUES = `${OUTLINE}concurrency: {key: item, when_busy: queue}\n`;
  const waitingHere = async () =>
    (await findWaitingStarts(desk.database.db, REPOSITORY.id)).find(
      ({ subjectNumber }) => subjectNumber === desk.number,
    );

  it('is told so, and happens when the run is over, with everything checked anew', async () => {
    withWorkflow(QUEUES);
    await ask(desk, START);
    const first = await latest();

    desk.now = '2026-11-21T09:05:00.000Z';
    const performed = await ask(desk, START);
    const early = await startAgain(desk.deps, (await waitingHere())?.request ?? null);
    await ask(desk, { type: 'cancel', run: first?.run.id ?? '', reason: null });
    const later = await startAgain(desk.deps, (await waitingHere())?.request ?? null);

    expect(performed).toMatchObject({ moment: 'admitted', waits: true });
    expect([early, later]).toEqual(['waits', 'done']);
    expect((await latest())?.run.id).not.toBe(first?.run.id);
  });

  it('does not happen when the person may not start any more', async () => {
    withWorkflow(QUEUES);
    await ask(desk, START);
    const first = await latest();
    await ask(desk, START);
    await ask(desk, { type: 'cancel', run: first?.run.id ?? '', reason: null });
    desk.forge.people.set('bob', 'read');

    const became = await startAgain(desk.deps, (await waitingHere())?.request ?? null);

    expect(became).toBe('done');
    expect(await findLiveRuns(desk.database.db, here())).toEqual([]);
    expect(await answers(desk)).toEqual([expect.stringContaining('needs write access')]);
  });
});

describe('a fallback workflow', () => {
  it('takes over once, in the name and the channel of the run that nobody helped', async () => {
    withWorkflow();
    const helpless = await aHelplessRun('alice');

    await startFallback(desk.deps, helpless);
    await startFallback(desk.deps, helpless);

    const runs = await findLiveRuns(desk.database.db, here());
    const run = await latest();
    expect(runs).toHaveLength(1);
    expect(run?.context).toMatchObject({ origin: 'client', workflow: 'outline' });
    expect(run?.context.trigger).toMatchObject({ via: 'fallback', login: 'alice' });
  });

  it('does not start when who started the run may not any more', async () => {
    withWorkflow();
    desk.forge.people.set('alice', 'read');

    await startFallback(desk.deps, await aHelplessRun('alice'));

    expect(await findLiveRuns(desk.database.db, here())).toEqual([]);
    expect(await answers(desk)).toEqual([expect.stringContaining('needs write access')]);
  });

  async function aHelplessRun(starter: string) {
    const escalation = {
      handler: 'fallback_workflow',
      workflow: 'outline',
      timeout_ms: 86_400_000,
    };
    const plan = aPlan({ nodes: [agent('build')], policies: { escalation } });
    const runId = await aRun(desk, plan, { workflow: 'helpless', starter, origin: 'client' });
    await finish(desk, runId, 'build', failed());
    const [gate] = (await stored(desk, runId)).run.gates;
    desk.now = '2026-12-21T09:00:00.000Z';
    await advanceRun(desk.deps.runs, runId, {
      type: 'timer.fired',
      timer: `gate:${gate?.id}`,
      at: desk.now,
    });
    return stored(desk, runId);
  }
});

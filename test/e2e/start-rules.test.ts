import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn, headlineOn } from '#test/support/story/watch.ts';

const GATED =
  'steps: [{id: look, agent: Planner, prompt: Look around, access: readonly, requires_approval: true}]';
const SHORT = 'steps: [{id: look, agent: Planner, prompt: Look around, access: readonly}]';

const stage = useStage({
  workflows: {
    protected: `name: protected\nskip_if: {labels: [No-Bot]}\n${SHORT}\n`,
    searched: `name: searched\nskip_if: {search: "is:issue is:open label:frozen"}\n${SHORT}\n`,
    once: `name: once\nskip_if: {unchanged_since_last: true}\n${SHORT}\n`,
    calm: `name: calm\ncooldown: 2h\n${SHORT}\n`,
    rare: `name: rare\nlimits: {per_user_hour: 1, per_repo_day: 2}\n${SHORT}\n`,
    queued: `name: queued\nconcurrency: {key: workflow, when_busy: queue}\n${GATED}\n`,
    newest: `name: newest\nconcurrency: {when_busy: replace}\n${GATED}\n`,
    alone: `name: alone\nconcurrency: {key: repository, when_busy: refuse}\n${GATED}\n`,
  },
});

const newIssue = async (labels: string[] = []) =>
  (await stage.github.as('bob').createIssue({ title: 'Look', body: 'Please.', labels })).number;
const run = (number: number, workflow: string, login = 'bob') =>
  stage.say(login, number, `/sluice run ${workflow}`);
const runsOn = async (number: number) => (await ownComments(stage.github, number, 'run')).length;

describe('skip_if', () => {
  it('starts nothing on an item with the label, takes the trigger off and says why', async () => {
    const number = await newIssue(['no-bot']);

    await stage.github.as('bob').label(number, 'sluice:protected');

    expect(await stage.answers(number)).toEqual([
      'Not started: `protected` leaves out what has the label `no-bot`.',
    ]);
    expect(stage.github.labels(number)).toEqual(['no-bot']);
    expect(await runsOn(number)).toBe(0);
  });

  it('starts nothing while its search has hits in the repository', async () => {
    const number = await newIssue();
    const frozen = await newIssue(['frozen']);

    const before = await run(number, 'searched');
    await stage.github.as('bob').editIssue(frozen, { state: 'closed' });
    const after = await run(number, 'searched');

    expect(before.reaction).toBe('confused');
    expect(after.reaction).toBe('eyes');
  });

  it('starts a second time only when the item has changed', async () => {
    const number = await newIssue();
    await run(number, 'once');
    await headlineOn(stage.github, number, 'done');

    const again = await run(number, 'once');
    await stage.github.as('bob').editIssue(number, { body: 'Please, and today.' });
    const changed = await run(number, 'once');

    expect(again.reaction).toBe('confused');
    expect(changed.reaction).toBe('eyes');
  });
});

describe('cooldown and limits', () => {
  it('pause a workflow on one item, and not on another', async () => {
    const [one, other] = [await newIssue(), await newIssue()];
    await run(one, 'calm');
    await headlineOn(stage.github, one, 'done');

    expect((await run(one, 'calm')).reaction).toBe('confused');
    expect((await run(other, 'calm')).reaction).toBe('eyes');
  });

  it('count for each person, and for the repository', async () => {
    const [first, second, third] = [await newIssue(), await newIssue(), await newIssue()];
    await run(first, 'rare');

    const bobAgain = await run(second, 'rare');
    const alice = await run(second, 'rare', 'alice');
    const maya = await run(third, 'rare', 'maya');

    expect([bobAgain.reaction, alice.reaction, maya.reaction]).toEqual([
      'confused',
      'eyes',
      'confused',
    ]);
    expect(await stage.answers(third)).toEqual([
      'Not started: `rare` may be started 2 times a day in this repository.',
    ]);
  });
});

describe('concurrency', () => {
  it('lets a start wait for the run in its way, and starts it then', async () => {
    const [one, other] = [await newIssue(), await newIssue()];
    await run(one, 'queued');
    await gateOn(stage.github, one);

    const { reaction } = await run(other, 'queued');
    const twice = await run(other, 'queued');
    const [waits] = await stage.answers(other);
    const before = await runsOn(other);
    await stage.say('bob', one, '/approve');
    await gateOn(stage.github, other);

    expect([reaction, twice.reaction, before]).toEqual(['eyes', 'confused', 0]);
    expect(waits).toContain('`queued` starts here when [run R');
    expect(await runsOn(other)).toBe(1);
    await stage.say('bob', other, '/cancel');
    await headlineOn(stage.github, other, 'cancelled');
  });

  it('takes a waiting start back by /cancel', async () => {
    const [one, other] = [await newIssue(), await newIssue()];
    await run(one, 'queued');
    await gateOn(stage.github, one);
    await run(other, 'queued');

    const taken = await stage.say('bob', other, '/sluice cancel');
    const again = await stage.say('bob', other, '/sluice cancel');
    await stage.say('bob', one, '/cancel');
    await headlineOn(stage.github, one, 'cancelled');
    await stage.calm();

    expect([taken.reaction, again.reaction]).toEqual(['rocket', 'confused']);
    expect(await runsOn(other)).toBe(0);
  });

  it('asks again who may when the turn of a waiting start comes', async () => {
    const [one, other] = [await newIssue(), await newIssue()];
    await run(one, 'queued');
    await gateOn(stage.github, one);
    await stage.say('maya', other, '/sluice run queued');
    stage.github.setRole('maya', 'read');

    await stage.say('bob', one, '/cancel');
    await eventually('a refusal', async () =>
      (await stage.answers(other)).some((answer) => answer.includes('needs write access')),
    );

    expect(await runsOn(other)).toBe(0);
  });

  it('replaces the run in the way', async () => {
    const number = await newIssue();
    await run(number, 'newest');
    await gateOn(stage.github, number);

    await run(number, 'newest');

    const replaced = await headlineOn(stage.github, number, 'cancelled');
    expect(replaced.body).toContain('replaced by run');
    await gateOn(stage.github, number);
  });

  it('refuses a start beside any other run of the repository', async () => {
    const [one, other] = [await newIssue(), await newIssue()];
    await run(one, 'newest');
    await gateOn(stage.github, one);

    expect((await run(other, 'alone')).reaction).toBe('confused');
  });
});

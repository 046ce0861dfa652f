import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import type { CheckRun, Comment } from '#test/support/github/model.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import {
  gateOn,
  headlineOn,
  labelOn,
  newestCheck,
  ownPulls,
  runIdOf,
} from '#test/support/story/watch.ts';

/** The plan is decided on after a commit exists, so that a check and a pull request are there too. */
const CHANGE = `
name: change
steps:
  - id: sketch
    agent: Engineer
    prompt: Sketch {{ task }}
  - id: plan
    agent: Planner
    depends_on: [sketch]
    prompt: Plan {{ task }}
    output: plan
    requires_approval: true
    approval_prompt: Is this what you want?
  - id: build
    agent: Engineer
    depends_on: [plan]
    prompt: |
      Build this.
      {{ plan }}
`;

const TWO_GATES = `
name: two-gates
steps:
  - id: left
    agent: Planner
    prompt: Left
    requires_approval: true
  - id: right
    agent: Planner
    prompt: Right
    requires_approval: true
`;

/** A verdict that sends everything back while the decision on the documents is still open. */
const SENT_BACK = `
name: sent-back
steps:
  - {id: make, agent: Engineer, prompt: Make it}
  - {id: docs, agent: Planner, prompt: Document it, depends_on: [make], requires_approval: true}
  - id: verdict
    agent: CodeReviewer
    prompt: Judge it
    depends_on: [make]
    result: {required_keys: [status]}
    status_field: status
    requires_approval: true
loops:
  again: {from: verdict, to: make, trigger: outcome == revise, max: 2}
`;

const stage = useStage({
  workflows: { change: CHANGE, 'two-gates': TWO_GATES, 'sent-back': SENT_BACK },
  prompts: [
    {
      match: '(?:^|\\n)Sketch',
      steps: [{ write: { path: 'sketch.txt', content: 'a sketch\n' } }, { text: 'Sketched.' }],
    },
    {
      match: '(?:^|\\n)Plan.*use the existing client',
      steps: [{ text: 'Plan B: extend the client that is there.' }],
    },
    {
      match: '(?:^|\\n)Judge it',
      times: 1,
      steps: [{ text: 'Not yet.' }, { result: { status: 'needs_revision' } }],
    },
    {
      match: '(?:^|\\n)Judge it',
      steps: [{ text: 'Now it is.' }, { result: { status: 'approved' } }],
    },
    { match: '(?:^|\\n)Plan', steps: [{ text: 'Plan A: write a new client.' }] },
    {
      match: '(?:^|\\n)Build.*(Plan [AB])',
      steps: [{ write: { path: 'built.txt', content: '${1}\n' } }, { text: 'Built ${1}.' }],
    },
  ],
});

async function start(workflow: string, title: string): Promise<number> {
  const { number } = await stage.issue(title);
  await stage.github.as('bob').label(number, `sluice:${workflow}`);
  return number;
}

async function minimised(comment: Comment): Promise<Comment> {
  return eventually('the gate comment folded', async () => {
    const all = await stage.github.comments(commentIssue(comment));
    return all.find(({ id, minimised: folded }) => id === comment.id && folded !== null);
  });
}

function commentIssue({ html_url }: Comment): number {
  return Number(/\/(\d+)#/.exec(html_url)?.[1]);
}

describe('/deny', () => {
  it('ends the run with the reason, everywhere people look', async () => {
    const { github } = stage;
    const issue = await start('change', 'Deny it');
    const gate = await gateOn(github, issue);

    const { reaction } = await stage.say('alice', issue, '/deny we will not do this');

    const run = await headlineOn(github, issue, 'was denied by alice');
    await labelOn(github, issue, 'sluice:failed');
    const [pull] = await ownPulls(github, issue);
    const check = await eventually('a failed check', async () => {
      const newest = await newestCheck(github, pull?.head.sha ?? '');
      return newest?.conclusion === 'failure' && newest;
    });
    expect(reaction).toBe('rocket');
    expect(run.body).toContain('we will not do this');
    expect(check.output.title).toContain('denied by alice');
    expect((await minimised(gate)).body).toContain('we will not do this');
    expect((await github.pull(pull?.number ?? 0)).draft).toBe(true);
    await eventually('one comment at the end', async () => {
      const { length } = await ownComments(github, issue, 'end');
      return length === 1;
    });
  });

  it('is the last word: a later approval is told so and changes nothing', async () => {
    const { github } = stage;
    const issue = await start('change', 'Deny it, then approve');
    await gateOn(github, issue);
    await stage.say('alice', issue, '/deny');
    await labelOn(github, issue, 'sluice:failed');

    const late = await stage.say('bob', issue, '/approve');
    const named = await stage.say('bob', issue, '/approve G1');

    expect([late.reaction, named.reaction]).toEqual(['confused', 'confused']);
    expect(await stage.answers(issue)).toEqual([
      expect.stringContaining('Nothing here'),
      expect.stringContaining('alice has already decided gate G1'),
    ]);
    expect(github.labels(issue)).toEqual(['sluice:failed']);
  });
});

describe('a run that goes on after a denial', () => {
  it('asks again before anything is built on what was denied', async () => {
    const { github } = stage;
    const issue = await start('change', 'Deny it, then think again');
    const first = await gateOn(github, issue);
    await stage.say('alice', issue, '/deny');
    await labelOn(github, issue, 'sluice:failed');

    await stage.say('bob', issue, '/resume');

    const second = await gateOn(github, issue, first);
    const [pull] = await ownPulls(github, issue);
    expect(second.body).toContain('Plan A');
    expect(await github.fileAt(pull?.head.ref ?? '', 'built.txt')).toBeNull();
    await stage.say('bob', issue, '/approve');
    await labelOn(github, issue, 'sluice:done');
    expect(await github.fileAt(pull?.head.ref ?? '', 'built.txt')).toBe('Plan A\n');
  });
});

describe('a gate', () => {
  it('is passed before git gets a token that may write', async () => {
    const { github } = stage;
    const tokensToWrite = () =>
      github.requests.filter(
        ({ path, body }) =>
          path.endsWith('/access_tokens') &&
          (body as { permissions?: { contents?: string } } | undefined)?.permissions?.contents ===
            'write',
      ).length;
    const issue = await start('change', 'Count the tokens');
    await gateOn(github, issue);
    const before = tokensToWrite();

    await stage.answers(issue);
    const waiting = tokensToWrite();
    await stage.say('bob', issue, '/approve');
    await labelOn(github, issue, 'sluice:done');

    expect(before).toBeGreaterThan(0);
    expect(waiting).toBe(before);
    expect(tokensToWrite()).toBe(before + 1);
  });
});

describe('/revise', () => {
  it('sends the artefact back with the words, and asks again about the new one', async () => {
    const { github } = stage;
    const issue = await start('change', 'Revise it');
    const first = await gateOn(github, issue);

    await stage.say('bob', issue, '/revise use the existing client');

    const second = await gateOn(github, issue, first);
    expect(first.body).toContain('Plan A: write a new client.');
    expect(second.body).toContain('(round 2)');
    expect(second.body).toContain('Plan B: extend the client that is there.');
    await minimised(first);

    await stage.say('bob', issue, '/approve');
    await labelOn(github, issue, 'sluice:done');
    const [pull] = await ownPulls(github, issue);
    expect(await github.fileAt(pull?.head.ref ?? '', 'built.txt')).toBe('Plan B\n');
    expect(await ownComments(github, issue, 'gate')).toHaveLength(2);
  });

  it('takes a fenced block below the line as the words', async () => {
    const { github } = stage;
    const issue = await start('change', 'Revise it with a block');
    const first = await gateOn(github, issue);

    await stage.say('bob', issue, '/revise\n```\nuse the existing client\n```');

    expect((await gateOn(github, issue, first)).body).toContain('Plan B');
  });

  it('asks for the words when there are none', async () => {
    const issue = await start('change', 'Revise it without words');
    await gateOn(stage.github, issue);

    const { reaction } = await stage.say('bob', issue, '/revise');

    expect(reaction).toBe('confused');
    expect(await stage.answers(issue)).toEqual([expect.stringContaining('say what to change')]);
  });
});

describe('two open gates', () => {
  it('8: are listed when an approval names none, and settled one by one when it does', async () => {
    const { github } = stage;
    const issue = await start('two-gates', 'Two gates');
    const gates = await eventually('two gates', async () => {
      const open = await ownComments(github, issue, 'gate');
      return open.length === 2 && open;
    });
    const run = runIdOf(gates[0] as Comment);

    const bare = await stage.say('bob', issue, '/approve');
    const [list] = await stage.answers(issue);
    expect(bare.reaction).toBe('confused');
    expect(list).toContain(`/approve ${run}/G1`);
    expect(list).toContain(`/approve ${run}/G2`);

    await stage.say('bob', issue, '/approve right');
    await headlineOn(github, issue, 'left needs approval');
    const [left, right] = await Promise.all(
      ['left', 'right'].map((step) => gateAbout(issue, step)),
    );
    expect(left).toContain('Decision needed');
    expect(right).toContain('pproved');

    await stage.say('bob', issue, '/approve');
    await headlineOn(github, issue, 'done');
  });
});

async function gateAbout(issue: number, step: string): Promise<string | undefined> {
  const gates = await ownComments(stage.github, issue, 'gate');
  return gates.find(({ body }) => new RegExp(`\\b${step}\\b`).test(body))?.body;
}

describe('a loop that goes back past an open gate', () => {
  it('10: says in its comment that it is void, refuses a later approval, and asks about what comes then', async () => {
    const { github } = stage;
    const issue = await start('sent-back', 'Back to the start');
    const [old] = await gatesAbout(issue, 'docs', 1);
    await gatesAbout(issue, 'verdict', 1);

    await stage.say('bob', issue, '/approve verdict');

    const [, next] = await gatesAbout(issue, 'docs', 2);
    expect((await minimised(old as Comment)).body).toContain('Void: an earlier step runs again');
    const late = await stage.say('bob', issue, `/approve ${gateIdOf(old as Comment)}`);
    expect(late.reaction).toBe('confused');

    await gatesAbout(issue, 'verdict', 2);
    await stage.say('bob', issue, `/approve ${gateIdOf(next as Comment)}`);
    await stage.say('bob', issue, '/approve verdict');
    await headlineOn(github, issue, 'done');
  });
});

async function gatesAbout(issue: number, step: string, count: number): Promise<Comment[]> {
  return eventually(`gate ${count} about ${step}`, async () => {
    const gates = await ownComments(stage.github, issue, 'gate');
    const own = gates.filter(({ body }) => new RegExp(`\\b${step}\\b`).test(body));
    return own.length === count && own;
  });
}

function gateIdOf({ body }: Comment): string {
  return /\bG\d+\b/.exec(body)?.[0] ?? '';
}

describe('a head that moves while a gate waits', () => {
  it('9: voids the gate and asks again about what is there now', async () => {
    const { github } = stage;
    const issue = await start('change', 'Somebody pushes');
    const first = await gateOn(github, issue);
    const [pull] = await ownPulls(github, issue);

    const pushed = await github.as('maya').pushCommit(pull?.head.ref ?? '', { 'more.txt': 'x\n' });

    const second = await gateOn(github, issue, first);
    expect(second.body).toContain(pushed.slice(0, 7));
    expect((await minimised(first)).body).toMatch(/[Vv]oid/);

    const old = await stage.say('bob', issue, '/approve G1');
    expect(old.reaction).toBe('confused');

    await stage.say('bob', issue, '/approve');
    await labelOn(github, issue, 'sluice:done');
    const { head } = await github.pull(pull?.number ?? 0);
    expect(await github.fileAt(head.ref, 'more.txt')).toBe('x\n');
    expect(await github.fileAt(head.ref, 'built.txt')).toBe('Plan A\n');
    const check = await newestCheck(github, head.sha);
    expect(check?.conclusion).toBe('success');
  });

  it('is noticed when another bot pushed', async () => {
    const { github } = stage;
    const issue = await start('change', 'A bot pushes');
    const first = await gateOn(github, issue);
    const [pull] = await ownPulls(github, issue);
    const pushed = await github.holdBack(() =>
      github.as('maya').pushCommit(pull?.head.ref ?? '', { 'bot.txt': 'x\n' }),
    );
    const push = github.deliveries.findLast(
      ({ event, payload }) => event === 'push' && payload['after'] === pushed,
    );

    const sender = { login: 'formatter[bot]', id: 77, type: 'Bot' };
    await github.deliver('push', { ...push?.payload, sender });

    const second = await gateOn(github, issue, first);
    expect(second.body).toContain(pushed.slice(0, 7));
  });

  it('refuses an approval that overtakes the news of the push', async () => {
    const { github } = stage;
    const issue = await start('change', 'Somebody pushes unseen');
    const first = await gateOn(github, issue);
    const [pull] = await ownPulls(github, issue);
    await github.holdBack(() =>
      github.as('maya').pushCommit(pull?.head.ref ?? '', { 'unseen.txt': 'x\n' }),
    );

    const { reaction } = await stage.say('bob', issue, '/approve');

    expect(reaction).toBe('confused');
    const second = await gateOn(github, issue, first);
    expect(second.body).toContain((await github.sha(pull?.head.ref ?? '')).slice(0, 7));
  });

  it('is not approved by what somebody wrote before, however late it is delivered', async () => {
    const { github } = stage;
    const issue = await start('change', 'Approved before the push');
    const first = await gateOn(github, issue);
    const [pull] = await ownPulls(github, issue);
    const comment = await github.holdBack(() => github.as('alice').comment(issue, '/approve'));
    await nextSecond(comment);
    await github.as('maya').pushCommit(pull?.head.ref ?? '', { 'late.txt': 'x\n' });
    await gateOn(github, issue, first);

    await redeliver(comment);

    expect(await stage.answers(issue)).toEqual([
      expect.stringMatching(/newer than your comment[^]*\/approve R\w{7}\/G2/),
    ]);
    expect((await gateOn(github, issue, first)).body).toContain('Decision needed');
    const { reaction } = await stage.say('alice', issue, '/approve');
    expect(reaction).toBe('rocket');
  });

  it('refuses an approval that names another commit', async () => {
    const { github } = stage;
    const issue = await start('change', 'Another commit');
    await gateOn(github, issue);

    const { reaction } = await stage.say('bob', issue, `/approve ${'0123456789'.repeat(4)}`);

    expect(reaction).toBe('confused');
    expect((await gateOn(github, issue)).body).toContain('Decision needed');
  });
});

describe('the buttons of a check', () => {
  it('decide the gate they were shown for, though the check is about the next one by now', async () => {
    const { github } = stage;
    const issue = await start('change', 'An old page');
    const first = await gateOn(github, issue);
    const [pull] = await ownPulls(github, issue);
    const head = pull?.head.sha ?? '';
    const about = (gate: string) => async () => {
      const check = await newestCheck(github, head);
      return check?.external_id.endsWith(`/${gate}`) === true && check;
    };
    await eventually('the check about G1', about('G1'));
    await stage.say('bob', issue, '/revise use the existing client');
    const second = await gateOn(github, issue, first);
    const check = await eventually('the check about G2', about('G2'));

    for (const identifier of ['approve:G1', 'approve']) await pressOnOldPage(check, identifier);

    expect(await stage.answers(issue)).toEqual([
      expect.stringContaining('already decided gate G1'),
      expect.stringContaining('already decided gate G1'),
    ]);
    expect((await gateOn(github, issue)).id).toBe(second.id);
    await github.as('bob').press(check.id, 'approve:G2');
    await labelOn(github, issue, 'sluice:done');
  });
});

/** What is posted from now on is of a later second than the comment. */
async function nextSecond({ created_at }: Comment): Promise<void> {
  await eventually('the next second', () => Date.now() >= Date.parse(created_at) + 1_000);
}

async function redeliver(comment: Comment): Promise<void> {
  const { github } = stage;
  const lost = github.deliveries.find(
    ({ event, payload }) =>
      event === 'issue_comment' && (payload['comment'] as Comment | undefined)?.id === comment.id,
  );
  await github.redeliver(lost?.guid ?? '');
}

/** A page that bob opened earlier has a button the check no longer has; what arrives is about the check as it is. */
async function pressOnOldPage({ id }: CheckRun, identifier: string): Promise<void> {
  const { github } = stage;
  await github.holdBack(() => github.as('bob').press(id, 'cancel'));
  const pressed = github.deliveries.findLast(({ action }) => action === 'requested_action');
  await github.deliver('check_run', { ...pressed?.payload, requested_action: { identifier } });
}

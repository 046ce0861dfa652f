import { describe, expect, it } from 'vitest';
import {
  createIssue,
  findIssue,
  findLabeling,
  findOpenItemsWithLabel,
  findOwnIssue,
} from '#src/github/issues.ts';
import { changeLabels, ensureLabel } from '#src/github/labels.ts';
import { addReaction } from '#src/github/reactions.ts';
import { installed, requestsOf } from './installed.ts';

const here = installed();
const STYLED = { name: 'sluice:styled', color: 'bf8700', description: 'A run is under way' };

async function anIssue(...labels: string[]) {
  const issue = await here.local.as('bob').createIssue({ title: 'T', body: 'B' });
  if (labels.length > 0) await here.local.as('bob').label(issue.number, ...labels);
  return { ...here.repository, number: issue.number };
}

describe('changeLabels', () => {
  it('adds what is missing, removes what is there, and touches nothing else', async () => {
    const item = await anIssue('bug', 'sluice:feature');

    const change = { add: ['sluice:running'], remove: ['sluice:feature', 'sluice:done'] };
    const answer = await changeLabels(here.octokit, item, change);

    expect(answer).toBe('changed');
    expect(here.local.labels(item.number).toSorted()).toEqual(['bug', 'sluice:running']);
  });

  it('sends nothing the second time', async () => {
    const item = await anIssue('bug');
    const change = { add: ['sluice:running'], remove: ['bug'] };
    await changeLabels(here.octokit, item, change);
    requestsOf(here);

    const answer = await changeLabels(here.octokit, item, change);

    expect(answer).toBe('unchanged');
    expect(requestsOf(here).filter((request) => !request.startsWith('GET'))).toEqual([]);
  });

  it('does not mind a label that somebody removes at the same time', async () => {
    const item = await anIssue('sluice:feature');
    here.local.faults.add({ kind: '404', method: /DELETE/ });

    const answer = await changeLabels(here.octokit, item, { add: [], remove: ['sluice:feature'] });

    expect(answer).toBe('changed');
  });

  it('knows labels regardless of case, as GitHub does', async () => {
    const item = await anIssue('Sluice:Running');

    const answer = await changeLabels(here.octokit, item, { add: ['sluice:running'], remove: [] });

    expect(answer).toBe('unchanged');
  });

  it('reports an item that is gone', async () => {
    const item = { ...here.repository, number: 9999 };

    expect(await changeLabels(here.octokit, item, { add: ['x'], remove: [] })).toBe('gone');
  });
});

describe('ensureLabel', () => {
  it('creates a label with its colour once, and leaves a restyled one alone', async () => {
    await ensureLabel(here.octokit, here.repository, STYLED);
    await ensureLabel(here.octokit, here.repository, { ...STYLED, color: '000000' });

    const path = `/repos/${here.local.fullName}/labels/sluice:styled`;
    const { data } = await here.local.as('bob').request('GET', path);
    expect(data).toMatchObject({ color: 'bf8700', description: 'A run is under way' });
  });

  it('does not mind that somebody else was faster', async () => {
    const style = { ...STYLED, name: 'sluice:raced' };
    await ensureLabel(here.octokit, here.repository, style);
    here.local.faults.add({ kind: '404', method: /GET/, path: /labels/ });

    await expect(ensureLabel(here.octokit, here.repository, style)).resolves.toBeUndefined();
  });
});

describe('addReaction', () => {
  it('reacts once, however often it is asked, to an item and to a comment', async () => {
    const item = await anIssue();
    const comment = await here.local.as('bob').comment(item.number, '/approve');
    const targets = [
      { type: 'item', number: item.number },
      { type: 'comment', id: comment.id },
    ] as const;

    for (const target of targets) {
      await addReaction(here.octokit, here.repository, target, 'eyes');
      await addReaction(here.octokit, here.repository, target, 'eyes');
    }

    const eyes = [{ content: 'eyes', user: 'sluice[bot]' }];
    expect(here.local.reactions({ issue: item.number })).toEqual(eyes);
    expect(here.local.reactions({ comment: comment.id })).toEqual(eyes);
  });

  it('reports a comment that is gone', async () => {
    const target = { type: 'comment', id: 9999 } as const;

    expect(await addReaction(here.octokit, here.repository, target, 'rocket')).toBe('gone');
  });
});

describe('issues', () => {
  it('are read with what a run needs to know', async () => {
    const item = await anIssue('bug');

    const issue = await findIssue(here.octokit, item);

    expect(issue).toMatchObject({
      number: item.number,
      title: 'T',
      body: 'B',
      state: 'open',
      author: 'bob',
      labels: ['bug'],
      isPullRequest: false,
    });
    expect(await findIssue(here.octokit, { ...item, number: 9999 })).toBeNull();
  });

  it('with a label are found while they are open', async () => {
    const open = await anIssue('sluice:scan');
    const closed = await anIssue('sluice:scan');
    await here.local.as('bob').editIssue(closed.number, { state: 'closed' });

    const found = await findOpenItemsWithLabel(here.octokit, here.repository, 'sluice:scan');

    expect(found.map(({ number }) => number)).toEqual([open.number]);
  });

  it('tell who set a label', async () => {
    const item = await anIssue();
    await here.local.as('tess').label(item.number, 'sluice:feature');

    expect(await findLabeling(here.octokit, item, 'sluice:feature')).toMatchObject({
      actor: 'tess',
    });
    expect(await findLabeling(here.octokit, item, 'sluice:other')).toBeNull();
  });
});

describe('an issue of our own', () => {
  const marker = '<!-- sluice inst=test kind=follow-up run=R7K2 -->';

  it('is found by marker and author, past a spoofed marker, also when it was closed', async () => {
    const { octokit, repository, local } = here;
    const mark = { marker, appId: local.app.appId };
    const own = await createIssue(octokit, repository, { title: 'Ours', body: `${marker}\nours` });
    await local.as('mallory').createIssue({ title: 'Ours', body: `${marker}\nspoofed` });
    await local.as('alice').editIssue(own.number, { state: 'closed' });

    const found = await findOwnIssue(octokit, repository, mark);

    expect(found?.number).toBe(own.number);
    expect(
      await findOwnIssue(octokit, repository, { ...mark, since: new Date(Date.now() + 60_000) }),
    ).toBeNull();
  });

  it('is there once when the answer to creating it is lost', async () => {
    const { octokit, repository, local } = here;
    const lost = '<!-- sluice inst=test kind=follow-up run=R7K3 -->';
    local.faults.add({ kind: 'lost-reply', method: /POST/, path: /\/issues$/ });

    const creating = createIssue(octokit, repository, { title: 'Lost', body: lost });

    await expect(creating).rejects.toMatchObject({ code: 'uncertain' });
    const found = await findOwnIssue(octokit, repository, {
      marker: lost,
      appId: local.app.appId,
    });
    const all = local.issues().filter(({ body }) => body?.startsWith(lost));
    expect(all.map(({ number }) => number)).toEqual([found?.number]);
  });
});

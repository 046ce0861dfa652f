import { describe, expect, it } from 'vitest';
import {
  createComment,
  findOwnComment,
  minimizeComment,
  updateComment,
} from '#src/github/comments.ts';
import { installed } from './installed.ts';

const here = installed();
const MARKER = '<!-- sluice inst=test kind=run run=R7K2 -->';

async function anIssue() {
  const { number } = await here.local.as('bob').createIssue({ title: 'Something' });
  return { ...here.repository, number };
}

describe('comments', () => {
  it('are created, edited and shown as the app', async () => {
    const item = await anIssue();

    const posted = await createComment(here.octokit, item, 'first');
    const answer = await updateComment(here.octokit, item, posted.id, 'second');

    const [comment] = await here.local.comments(item.number);
    expect(answer).toBe('updated');
    expect(comment).toMatchObject({ id: posted.id, node_id: posted.nodeId, body: 'second' });
    expect(comment?.user.login).toBe('sluice[bot]');
  });

  it('that somebody deleted are reported gone', async () => {
    const item = await anIssue();
    const posted = await createComment(here.octokit, item, 'first');
    await here.local.as('alice').deleteComment(posted.id);

    expect(await updateComment(here.octokit, item, posted.id, 'second')).toBe('gone');
    expect(await minimizeComment(here.octokit, posted.nodeId, 'OUTDATED')).toBe('gone');
  });

  it('are found again after a lost reply, so that none is posted twice', async () => {
    const item = await anIssue();
    here.local.faults.add({ kind: 'lost-reply', method: /POST/, path: /comments/ });

    const creating = createComment(here.octokit, item, `${MARKER}\nhello`);
    await expect(creating).rejects.toMatchObject({ code: 'uncertain' });
    const found = await findOwnComment(here.octokit, item, {
      marker: MARKER,
      appId: here.local.app.appId,
    });

    const comments = await here.local.comments(item.number);
    expect(comments).toHaveLength(1);
    expect(found?.id).toBe(comments[0]?.id);
  });

  it('are found by marker and author, past a spoofed marker and a quoted one, over all pages', async () => {
    const item = await anIssue();
    await here.local.as('mallory').comment(item.number, `${MARKER}\nspoofed`);
    await createComment(here.octokit, item, `An agent wrote: ${MARKER}`);
    for (let index = 0; index < 100; index += 1) {
      await here.local.as('bob').comment(item.number, `noise ${index}`);
    }
    const mine = await createComment(here.octokit, item, `${MARKER}\nmine`);

    const { appId } = here.local.app;
    const found = await findOwnComment(here.octokit, item, { marker: MARKER, appId });
    const ofAnother = await findOwnComment(here.octokit, item, {
      marker: MARKER,
      appId: appId + 1,
    });
    const tooOld = await findOwnComment(here.octokit, item, {
      marker: MARKER,
      appId,
      since: new Date(Date.now() + 60_000),
    });

    expect(found).toEqual(mine);
    expect(ofAnother).toBeNull();
    expect(tooOld).toBeNull();
  });

  it('are folded, twice as once', async () => {
    const item = await anIssue();
    const posted = await createComment(here.octokit, item, 'decided');

    await minimizeComment(here.octokit, posted.nodeId, 'RESOLVED');
    here.local.faults.add({ kind: 'lost-reply', path: /graphql/ });
    const again = await minimizeComment(here.octokit, posted.nodeId, 'RESOLVED');

    const [comment] = await here.local.comments(item.number);
    expect(again).toBe('minimized');
    expect(comment?.minimised).toBe('resolved');
  });
});

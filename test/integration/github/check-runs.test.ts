import { describe, expect, it } from 'vitest';
import { type Annotation, appendAnnotations } from '#src/github/annotations.ts';
import {
  type CheckRunContent,
  createCheckRun,
  findOwnCheckRun,
  updateCheckRun,
  upsertCheckRun,
} from '#src/github/check-runs.ts';
import { installed } from './installed.ts';

const here = installed();
const NAME = 'sluice / feature';

let branches = 0;
async function aHead(branch = `head-${(branches += 1)}`): Promise<string> {
  return await here.local.as('bob').pushCommit(branch, { 'a.txt': `${branch} ${Math.random()}` });
}

function aView(headSha: string, over: Partial<CheckRunContent> = {}): CheckRunContent {
  return {
    name: NAME,
    headSha,
    externalId: 'R7K2',
    detailsUrl: 'https://sluice.example/r/R7K2',
    status: 'in_progress',
    conclusion: null,
    title: 'running',
    summary: 'step 1',
    text: null,
    actions: [],
    ...over,
  };
}

const ours = (externalIdRoot = 'R7K2') => ({
  appId: here.local.app.appId,
  name: NAME,
  externalIdRoot,
});

const upsert = (view: CheckRunContent, posted: Parameters<typeof upsertCheckRun>[4]) =>
  upsertCheckRun(here.octokit, here.repository, ours(), view, posted, {
    title: `superseded by ${view.headSha.slice(0, 7)}`,
    summary: 'The branch moved on.',
  });

describe('upsertCheckRun', () => {
  it('creates one check run per head and edits it from then on', async () => {
    const sha = await aHead();

    const posted = await upsert(aView(sha), null);
    const again = await upsert(aView(sha, { title: 'still running' }), posted);

    const runs = await here.local.checkRuns(sha);
    expect(again).toEqual(posted);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ status: 'in_progress', external_id: 'R7K2' });
    expect(runs[0]?.output.title).toBe('still running');
  });

  it('shows a waiting gate as completed with buttons, and goes on in the same object', async () => {
    const sha = await aHead();
    const actions = [{ label: 'Approve', description: 'Go on', identifier: 'approve' }];

    const posted = await upsert(
      aView(sha, {
        externalId: 'R7K2/G1',
        status: 'completed',
        conclusion: 'action_required',
        actions,
      }),
      null,
    );
    const waiting = await here.local.checkRun(posted.id);
    await upsert(aView(sha), posted);

    const running = await here.local.checkRun(posted.id);
    expect(waiting).toMatchObject({ conclusion: 'action_required', actions });
    expect(running).toMatchObject({ status: 'in_progress', actions: [] });
  });

  it("finds the one whose creation was never recorded, also under a gate's external id", async () => {
    const sha = await aHead();
    here.local.faults.add({ kind: 'lost-reply', method: /POST/, path: /check-runs/ });

    const creating = upsert(aView(sha, { externalId: 'R7K2/G1' }), null);
    await expect(creating).rejects.toMatchObject({ code: 'uncertain' });
    await upsert(aView(sha), null);

    expect(await here.local.checkRuns(sha)).toHaveLength(1);
  });

  it('moves to a new head with a new object and closes the old one as superseded', async () => {
    const old = await aHead('moving');
    const posted = await upsert(
      aView(old, { status: 'completed', conclusion: 'action_required' }),
      null,
    );
    const head = await aHead('moving');

    const moved = await upsert(aView(head), posted);
    await upsert(aView(head), posted);

    expect(moved.headSha).toBe(head);
    expect(await here.local.checkRuns(head)).toHaveLength(1);
    expect(await here.local.checkRun(posted.id)).toMatchObject({
      status: 'completed',
      conclusion: 'cancelled',
      output: { title: `superseded by ${head.slice(0, 7)}` },
    });
  });

  it('creates it again when GitHub no longer has it', async () => {
    const sha = await aHead();

    const posted = await upsert(aView(sha), { id: 999_999, headSha: sha, url: '' });

    expect((await here.local.checkRuns(sha)).map(({ id }) => id)).toEqual([posted.id]);
    expect(await updateCheckRun(here.octokit, here.repository, 999_999, aView(sha))).toBe('gone');
  });
});

describe('findOwnCheckRun', () => {
  it("takes neither another run's check nor one of another app", async () => {
    const sha = await aHead();
    await createCheckRun(here.octokit, here.repository, aView(sha, { externalId: 'R7K22' }));
    const find = (own: ReturnType<typeof ours>) =>
      findOwnCheckRun(here.octokit, here.repository, own, sha);

    expect(await find(ours('R7K2'))).toBeNull();
    expect(await find(ours('R7K22'))).not.toBeNull();
    expect(await find({ ...ours('R7K22'), appId: 999 })).toBeNull();
  });
});

describe('appendAnnotations', () => {
  it('adds them in batches, two hundred at most, and none twice', async () => {
    const sha = await aHead();
    const { id } = await upsert(aView(sha), null);
    const findings = Array.from({ length: 230 }, (_, index) => anAnnotation(index + 1));
    const append = () => appendAnnotations(here.octokit, here.repository, id, findings);

    here.local.faults.add({ kind: 'lost-reply', method: /PATCH/, path: /check-runs/ });
    await expect(append()).rejects.toMatchObject({ code: 'uncertain' });
    await append();
    await append();

    const run = await here.local.checkRun(id);
    expect(run.output).toMatchObject({
      annotations_count: 200,
      title: 'running',
      summary: 'step 1',
    });
  });
});

function anAnnotation(line: number): Annotation {
  return {
    path: 'a.txt',
    startLine: line,
    endLine: line,
    level: 'warning',
    title: 'rule',
    message: `finding ${line}`,
    rawDetails: null,
  };
}

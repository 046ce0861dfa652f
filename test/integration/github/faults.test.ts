import { afterEach, describe, expect, it } from 'vitest';
import { createComment } from '#src/github/comments.ts';
import { addReaction } from '#src/github/reactions.ts';
import { findBranch } from '#src/github/repository.ts';
import { type Behaviour, type FaultyGitHub, gitHubAt, startFaultyGitHub } from './faulty-github.ts';

const HELLO = { owner: 'acme', repo: 'hello' };
const ITEM = { ...HELLO, number: 1 };
const SECONDARY = { answer: 403, headers: { 'retry-after': '0.02' } };
const PRIMARY = {
  answer: 403,
  headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' },
};

let faulty: FaultyGitHub;
afterEach(async () => await faulty.close());

async function clientFor(...behaviours: Behaviour[]) {
  faulty = await startFaultyGitHub(behaviours);
  const timeoutMs = behaviours.includes('hang') ? 300 : 10_000;
  return gitHubAt(faulty.url, { timeoutMs }).installation(100);
}

describe('a read', () => {
  it.each<{ fault: string; behaviours: Behaviour[] }>([
    { fault: 'a 500', behaviours: [{ answer: 500 }] },
    { fault: 'two 502 with a page', behaviours: [html(502), html(502)] },
    { fault: 'three 503', behaviours: [{ answer: 503 }, { answer: 503 }, { answer: 503 }] },
    { fault: 'a reset', behaviours: ['reset'] },
    { fault: 'a hang', behaviours: ['hang'] },
    { fault: 'a lost reply', behaviours: ['lost reply'] },
    { fault: 'a truncated body', behaviours: ['truncated'] },
    { fault: 'a secondary limit', behaviours: [SECONDARY] },
    { fault: 'a secondary limit as 429', behaviours: [{ ...SECONDARY, answer: 429 }] },
    { fault: 'a primary limit', behaviours: [PRIMARY] },
  ])('is repeated after $fault', async ({ behaviours }) => {
    const octokit = await clientFor(...behaviours);

    const { data } = await octokit.request('GET /repos/{owner}/{repo}/issues/1', HELLO);

    expect(data).toEqual({ id: 1 });
    expect(faulty.requests).toHaveLength(behaviours.length + 1);
  });

  it.each([
    { fault: 'hangs for ever', behaviour: 'hang', code: 'timeout' },
    { fault: 'is reset every time', behaviour: 'reset', code: 'network' },
    { fault: 'breaks off every time', behaviour: 'truncated', code: 'network' },
    { fault: 'is answered 503 every time', behaviour: { answer: 503 }, code: 'server' },
  ] as const)('that $fault ends as "$code"', async ({ behaviour, code }) => {
    const octokit = await clientFor(...Array<Behaviour>(4).fill(behaviour));

    const reading = octokit.request('GET /repos/{owner}/{repo}/issues/1', HELLO);

    await expect(reading).rejects.toMatchObject({ code });
    expect(faulty.requests).toHaveLength(4);
  });

  it.each([
    { answer: 401, code: 'unauthorized' },
    { answer: 422, code: 'validation' },
  ])('answered $answer is not repeated', async ({ answer, code }) => {
    faulty = await startFaultyGitHub([{ answer }]);
    const { app } = gitHubAt(faulty.url);

    await expect(app.request('GET /app')).rejects.toMatchObject({ code, status: answer });
    expect(faulty.requests).toHaveLength(1);
  });

  it('answered 404 is nothing found, and no failure', async () => {
    const octokit = await clientFor({ answer: 404 });

    expect(await findBranch(octokit, HELLO, 'main')).toBeNull();
  });

  it('of more than any answer may hold is refused', async () => {
    const octokit = await clientFor({ answer: 200, body: JSON.stringify('x'.repeat(33 << 20)) });

    const reading = octokit.request('GET /repos/{owner}/{repo}/issues/1', HELLO);

    await expect(reading).rejects.toMatchObject({ code: 'validation' });
  });

  it('stops when its caller gives up', async () => {
    const octokit = await clientFor('hang');
    const signal = AbortSignal.abort();

    const reading = octokit.request('GET /repos/{owner}/{repo}', { ...HELLO, request: { signal } });

    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(faulty.requests).toEqual([]);
  });
});

describe('a creating call', () => {
  it.each<{ fault: string; behaviour: Behaviour; created: number }>([
    { fault: 'a lost reply', behaviour: 'lost reply', created: 1 },
    { fault: 'a truncated reply', behaviour: 'truncated', created: 1 },
    { fault: 'a reset', behaviour: 'reset', created: 0 },
    { fault: 'a hang', behaviour: 'hang', created: 0 },
    { fault: 'a 500', behaviour: { answer: 500 }, created: 0 },
    { fault: 'a 502', behaviour: { answer: 502 }, created: 0 },
  ])('is not repeated after $fault, whatever happened there', async ({ behaviour, created }) => {
    const octokit = await clientFor(behaviour);

    const creating = createComment(octokit, ITEM, 'hello');

    await expect(creating).rejects.toMatchObject({ code: 'uncertain' });
    expect(faulty.requests).toHaveLength(1);
    expect(faulty.created).toHaveLength(created);
  });

  it('is repeated after a limit, which refused it', async () => {
    const octokit = await clientFor(SECONDARY, PRIMARY);

    await createComment(octokit, ITEM, 'hello');

    expect(faulty.created).toEqual(['/repos/acme/hello/issues/1/comments']);
  });

  it('that never left is no mystery', async () => {
    faulty = await startFaultyGitHub();
    await faulty.close();
    const { app } = gitHubAt(faulty.url);

    const creating = app.request('POST /app/hook/deliveries/{delivery_id}/attempts', {
      delivery_id: 1,
    });

    await expect(creating).rejects.toMatchObject({ code: 'network' });
  });

  it('GitHub keeps one of anyway is repeated', async () => {
    const octokit = await clientFor('lost reply', { answer: 502 });

    const answer = await addReaction(octokit, HELLO, { type: 'item', number: 1 }, 'eyes');

    expect(answer).toBe('added');
    expect(faulty.requests).toHaveLength(3);
  });
});

function html(answer: number): Behaviour {
  return { answer, headers: { 'content-type': 'text/html' }, body: '<html>Unicorn!</html>' };
}

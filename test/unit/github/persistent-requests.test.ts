import { describe, expect, it } from 'vitest';
import { GitHubError } from '#src/github/github-error.ts';
import { DEFAULT_RETRY, type Endpoint, sendPersistently } from '#src/github/persistent-requests.ts';
import { DEFAULT_THROTTLE, RequestLane } from '#src/github/request-lane.ts';
import { fakeClock } from './fake-clock.ts';

const GET: Endpoint = { method: 'GET', url: '/repos/{owner}/{repo}' };
const POST: Endpoint = { method: 'POST', url: '/repos/{owner}/{repo}/issues' };
const OK = { status: 200, headers: {}, data: { ok: true } };

function aSending() {
  const clock = fakeClock();
  const lane = new RequestLane(DEFAULT_THROTTLE, DEFAULT_RETRY.maxWaitMs, clock);
  const repeated: string[] = [];
  const sending = {
    lane,
    clock,
    retry: DEFAULT_RETRY,
    onRetry: (error: GitHubError) => repeated.push(error.code),
  };
  return { sending, clock, repeated };
}

/** Fails as told, one failure per attempt, then answers. */
function failing(...failures: GitHubError[]) {
  const left = [...failures];
  const sent = { count: 0 };
  const send = async () => {
    sent.count += 1;
    const failure = left.shift();
    return await (failure === undefined ? Promise.resolve(OK) : Promise.reject(failure));
  };
  return { send, sent };
}

const server = () => new GitHubError('server', 'down', { status: 502 });
const limited = (retryAfterMs: number) =>
  new GitHubError('rate-limited', 'slow down', { status: 403, retryAfterMs });

describe('sendPersistently', () => {
  it('repeats a transient failure with a growing back-off', async () => {
    const { sending, clock, repeated } = aSending();
    const { send, sent } = failing(server(), server(), server());

    const answer = await sendPersistently(sending, GET, send);

    expect(answer).toBe(OK);
    expect(sent.count).toBe(4);
    expect(clock.slept).toEqual([500, 1500, 4500]);
    expect(repeated).toEqual(['server', 'server', 'server']);
  });

  it('gives up after the last attempt with what GitHub said', async () => {
    const { sending } = aSending();
    const { send, sent } = failing(server(), server(), server(), server());

    await expect(sendPersistently(sending, GET, send)).rejects.toMatchObject({ code: 'server' });
    expect(sent.count).toBe(4);
  });

  it('starts every request with a fresh count, whatever the one before went through', async () => {
    const { sending, clock } = aSending();
    await sendPersistently(sending, GET, failing(server(), server(), server()).send);
    clock.slept.length = 0;

    await sendPersistently(sending, GET, failing(server()).send);

    expect(clock.slept).toEqual([500]);
  });

  it.each(['uncertain', 'validation', 'not-found', 'forbidden', 'unauthorized'] as const)(
    'does not repeat what ended as "%s"',
    async (code) => {
      const { sending } = aSending();
      const { send, sent } = failing(new GitHubError(code, 'no'));

      await expect(sendPersistently(sending, POST, send)).rejects.toMatchObject({ code });
      expect(sent.count).toBe(1);
    },
  );

  it('waits as long as GitHub asks, also with a creating call, which was refused and not done', async () => {
    const { sending, clock } = aSending();
    const { send, sent } = failing(limited(20_000));

    await sendPersistently(sending, POST, send);

    expect(sent.count).toBe(2);
    expect(clock.slept[0]).toBe(20_000);
  });

  it('hands a wait that is too long to the caller, and stops the others of the installation', async () => {
    const { sending } = aSending();
    const other = failing();

    const first = sendPersistently(sending, GET, failing(limited(600_000)).send);
    await expect(first).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 600_000 });
    const second = sendPersistently(sending, GET, other.send);

    await expect(second).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 600_000 });
    expect(other.sent.count).toBe(0);
  });

  it('takes a lost answer for transient where repeating is harmless', async () => {
    const { sending } = aSending();
    const broken = { status: 200, headers: { 'content-type': 'application/json' }, data: '' };
    const answers = [broken, OK];
    const endpoint = { ...POST, request: { repeatable: true } };

    const answer = await sendPersistently(
      sending,
      endpoint,
      async () => await Promise.resolve(answers.shift() ?? OK),
    );

    expect(answer).toBe(OK);
    expect(answers).toEqual([]);
  });

  it('mints tokens past the lane, since the request that needs one holds it', async () => {
    const { sending } = aSending();
    const mint: Endpoint = { method: 'POST', url: '/app/installations/{id}/access_tokens' };

    const answer = await sendPersistently(sending, POST, () =>
      sendPersistently(sending, mint, failing(server()).send),
    );

    expect(answer).toBe(OK);
  });
});

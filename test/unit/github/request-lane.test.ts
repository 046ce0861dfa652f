import { describe, expect, it } from 'vitest';
import { DEFAULT_THROTTLE, RequestLane, type Throttle } from '#src/github/request-lane.ts';
import { fakeClock } from './fake-clock.ts';

const CREATE = { creates: true, urgent: false };
const EDIT = { creates: false, urgent: false };
const MAX_WAIT = 60_000;

function aLane(throttle: Partial<Throttle> = {}) {
  const clock = fakeClock();
  const lane = new RequestLane({ ...DEFAULT_THROTTLE, ...throttle }, MAX_WAIT, clock);
  const started: { name: string; at: number }[] = [];
  const send = (name: string) => async () => {
    started.push({ name, at: clock.now() - 1_000_000 });
    return await Promise.resolve(name);
  };
  return { lane, clock, send, started };
}

describe('RequestLane', () => {
  it('sends writes one after the other, a second apart', async () => {
    const { lane, send, started } = aLane();

    await Promise.all(['a', 'b', 'c'].map((name) => lane.write(send(name), EDIT)));

    expect(started).toEqual([
      { name: 'a', at: 0 },
      { name: 'b', at: 1000 },
      { name: 'c', at: 2000 },
    ]);
  });

  it('starts the next write only when the one before has ended', async () => {
    const { lane } = aLane({ spacingMs: 0 });
    const first = Promise.withResolvers<string>();
    let second = 'waiting';

    const writes = [
      lane.write(() => first.promise, EDIT),
      lane.write(async () => await Promise.resolve((second = 'sent')), EDIT),
    ];
    await Promise.resolve();
    const meanwhile = second;
    first.resolve('done');
    await Promise.all(writes);

    expect(meanwhile).toBe('waiting');
    expect(second).toBe('sent');
  });

  it('lets what a person waits for overtake what is waiting', async () => {
    const { lane, send, started } = aLane();

    await Promise.all([
      lane.write(send('progress 1'), EDIT),
      lane.write(send('progress 2'), EDIT),
      lane.write(send('gate 1'), { creates: true, urgent: true }),
      lane.write(send('gate 2'), { creates: true, urgent: true }),
    ]);

    expect(started.map(({ name }) => name)).toEqual([
      'progress 1',
      'gate 1',
      'gate 2',
      'progress 2',
    ]);
  });

  it('creates no more in a minute than allowed, and goes on editing meanwhile', async () => {
    const { lane, send, started } = aLane({ spacingMs: 0, createsPerMinute: 2 });

    await Promise.all(['a', 'b', 'c'].map((name) => lane.write(send(name), CREATE)));

    expect(started.map(({ at }) => at)).toEqual([0, 0, 60_000]);
  });

  it('refuses a wait longer than the limit, saying for how long', async () => {
    const { lane, send } = aLane({ spacingMs: 0, createsPerHour: 1 });
    await lane.write(send('a'), CREATE);

    const refused = lane.write(send('b'), CREATE);

    await expect(refused).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 3_600_000 });
  });

  it('stops reads and writes while GitHub tells the installation to wait', async () => {
    const { lane, send, started } = aLane();

    lane.pause(5000);
    await Promise.all([lane.write(send('write'), EDIT), lane.read(send('read'))]);

    expect(started.map(({ at }) => at >= 5000)).toEqual([true, true]);
  });

  it('hands a failure to whoever sent the request, and goes on with the next', async () => {
    const { lane, send } = aLane();

    const writes = [
      lane.write(async () => await Promise.reject(new Error('refused')), EDIT),
      lane.write(send('b'), EDIT),
    ];
    const settled = await Promise.allSettled(writes);

    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('lets everything through at once when switched off', async () => {
    const { lane, send, started } = aLane({ enabled: false });

    await Promise.all(['a', 'b', 'c'].map((name) => lane.write(send(name), CREATE)));

    expect(started.map(({ at }) => at)).toEqual([0, 0, 0]);
  });
});

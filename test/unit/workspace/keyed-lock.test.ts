import { describe, expect, it } from 'vitest';
import { createKeyedLock } from '#src/workspace/keyed-lock.ts';

describe('a keyed lock', () => {
  it('runs work of one key in order and work of another key meanwhile', async () => {
    const locked = createKeyedLock();
    const first = Promise.withResolvers<void>();
    const told: string[] = [];

    const a1 = locked('a', async () => {
      await first.promise;
      told.push('a1');
    });
    const a2 = locked('a', async () => {
      told.push('a2');
    });
    await locked('b', async () => {
      told.push('b');
    });
    first.resolve();
    await Promise.all([a1, a2]);

    expect(told).toEqual(['b', 'a1', 'a2']);
  });

  it('goes on after work that failed', async () => {
    const locked = createKeyedLock();
    const failing = locked('a', () => Promise.reject(new Error('broken')));
    const next = locked('a', () => Promise.resolve('fine'));

    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('fine');
  });
});

import type { Clock } from '#src/github/clock.ts';

/** Time that passes only when somebody sleeps. */
export function fakeClock(start = 1_000_000): Clock & { readonly slept: number[] } {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      await Promise.resolve();
      now += ms;
    },
  };
}

/** The time GitHub believes it is: real time plus what a test has added. */
export interface Clock {
  now(): number;
  advance(milliseconds: number): void;
}

export function createClock(): Clock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    advance(milliseconds) {
      offset += milliseconds;
    },
  };
}

/** One measured number. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** How many measurements the value is made of. */
  readonly n: number;
  readonly note?: string;
}

/** How thoroughly to measure. */
export interface Effort {
  /** A few seconds for each benchmark, at the price of noise. */
  readonly quick: boolean;
  /** Tells whoever waits what is going on. */
  say(what: string): void;
}

export type Benchmark = (effort: Effort) => Promise<readonly Figure[]>;

export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

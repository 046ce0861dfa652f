/** One kind of delivery to be sent. */
export interface Shot {
  readonly event: string;
  readonly payload: unknown;
}

export interface Load {
  readonly url: string;
  readonly secret: string;
  /** Sent in turn, again and again. */
  readonly shots: readonly Shot[];
  readonly count: number;
  readonly perSecond: number;
}

export interface LoadResult {
  /** Milliseconds from when a delivery was due to the end of its answer: a late start counts. */
  readonly latencies: readonly number[];
  /** Answers other than 202, and none at all. */
  readonly refused: number;
  /** By how much the generator itself started late, at the 99th percentile. */
  readonly lateMs: number;
}

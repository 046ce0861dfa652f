/** GitHub's clock is not ours, and its times have no fractions of a second. */
const CLOCKS_DIFFER_MS = 3_600_000;

/** From when on to look for a comment that was posted at this time at the earliest. */
export function lookSince(time: string): Date {
  return new Date(Date.parse(time) - CLOCKS_DIFFER_MS);
}

/** GitHub's clock is not ours, and its times have no fractions of a second. */
const CLOCKS_DIFFER_MS = 3_600_000;

/** The time from which to look for a comment posted no earlier than this. */
export function lookSince(time: string): Date {
  return new Date(Date.parse(time) - CLOCKS_DIFFER_MS);
}

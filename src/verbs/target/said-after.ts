/** Whether something was there when a comment was written. GitHub gives whole seconds: within the same second it was. */
export function isNotAfter(there: string, said: string): boolean {
  return secondsOf(there) <= secondsOf(said);
}

function secondsOf(at: string): number {
  return Math.floor(Date.parse(at) / 1_000);
}

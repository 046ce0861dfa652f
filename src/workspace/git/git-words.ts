/** What git wrote to standard error, without its hints for somebody at a terminal. */
export function withoutHints(words: string): string {
  return words
    .split('\n')
    .filter((line) => !line.startsWith('hint:'))
    .join('\n')
    .trim();
}

/** What the server said about a push, as one line: its own words, else the reason git gives in brackets. */
export function serverWords(summary: string, words: string): string {
  const said = words
    .split('\n')
    .flatMap((line) => /^remote:\s*(.*\S)/.exec(line)?.[1] ?? [])
    .join(' ');
  const [, reason = ''] = /\((.+)\)\s*$/.exec(summary) ?? [];
  return (said || reason || summary.trim()).slice(0, MAX_LENGTH);
}

const MAX_LENGTH = 600;

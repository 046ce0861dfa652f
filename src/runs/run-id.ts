import { randomInt } from 'node:crypto';

/** No 0/O, 1/I/L or U: people read run ids aloud and type them. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Eight letters and digits, starting with `R`: 2.2 · 10^10 ids, and never mistaken for a SHA. */
export function newRunId(): string {
  return `R${Array.from({ length: 7 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
}

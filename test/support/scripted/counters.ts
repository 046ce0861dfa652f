import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** Counts how often an entry was used: in memory, or in a folder that all processes of a test share. */
export class Counters {
  readonly #folder: string | undefined;
  readonly #counts = new Map<number, number>();

  constructor(folder: string | undefined) {
    this.#folder = folder;
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
  }

  /** Takes one of `times` uses of an entry. False when all are taken. */
  take(index: number, times: number): boolean {
    if (this.#folder !== undefined) return this.#takeFile(this.#folder, index, times);
    const used = this.#counts.get(index) ?? 0;
    if (used >= times) return false;
    this.#counts.set(index, used + 1);
    return true;
  }

  /** A file that can be made only once is a use that can be taken only once, by whichever process. */
  #takeFile(folder: string, index: number, times: number): boolean {
    for (let use = 0; use < times; use++) {
      try {
        closeSync(openSync(join(folder, `entry-${index}-use-${use}`), 'wx'));
        return true;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
    }
    return false;
  }
}

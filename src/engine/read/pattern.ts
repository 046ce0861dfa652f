import type { Instruction, Pattern } from './parse-pattern.ts';
import { parsePattern } from './parse-pattern.ts';

const MAX_TEXT = 50_000;
const MAX_CACHED = 1_000;
const parsed = new Map<string, Pattern | null>();

/** True when the pattern is found anywhere in the text; false too when it is no valid pattern. */
export function patternMatches(source: string, text: string, ignoreCase: boolean): boolean {
  const flagged = source.startsWith('(?i)');
  const body = flagged ? source.slice(4) : source;
  const folded = ignoreCase || flagged;
  const pattern = cachedPattern(folded ? foldPattern(body) : body);
  const start = text.slice(0, MAX_TEXT);
  return pattern !== null && new Search(pattern, folded ? start.toLowerCase() : start).run();
}

function cachedPattern(source: string): Pattern | null {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const pattern = parsePattern(source);
  if (parsed.size >= MAX_CACHED) parsed.clear();
  parsed.set(source, pattern);
  return pattern;
}

/** Lower case, but `\S`, `\W` and `\D` keep their meaning. */
function foldPattern(source: string): string {
  return source.replaceAll(/\\.|[^\\]/gsu, (piece) =>
    piece.startsWith('\\') ? piece : piece.toLowerCase(),
  );
}

/** Follows every way through the pattern at once, one character after the other. */
class Search {
  readonly #pattern: Pattern;
  readonly #chars: readonly string[];
  /** Position at which an instruction was last reached: each is followed once per character. */
  readonly #reached: Int32Array;

  constructor(pattern: Pattern, text: string) {
    this.#pattern = pattern;
    this.#chars = Array.from(text);
    this.#reached = new Int32Array(pattern.length).fill(-1);
  }

  run(): boolean {
    let threads: number[] = [];
    for (let at = 0; at <= this.#chars.length; at += 1) {
      this.#follow(0, at, threads);
      const next: number[] = [];
      for (const thread of threads) {
        const step = this.#pattern[thread];
        if (step?.op === 'match') return true;
        if (this.#accepts(step, at)) this.#follow(thread + 1, at + 1, next);
      }
      threads = next;
    }
    return false;
  }

  #accepts(step: Instruction | undefined, at: number): boolean {
    const char = this.#chars[at];
    return char !== undefined && step?.op === 'char' && step.test(char);
  }

  #follow(start: number, at: number, threads: number[]): void {
    const open = [start];
    for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
      if (this.#reached[pc] === at) continue;
      this.#reached[pc] = at;
      const step = this.#pattern[pc];
      if (step?.op === 'split') open.push(step.to[1], step.to[0]);
      else if (step?.op === 'jump') open.push(step.to);
      else if (step?.op === 'start') open.push(...(at === 0 ? [pc + 1] : []));
      else if (step?.op === 'end') open.push(...(at === this.#chars.length ? [pc + 1] : []));
      else threads.push(pc);
    }
  }
}

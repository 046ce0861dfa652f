/**
 * Regular expressions of workflow files. They are untrusted and run inside a database transaction,
 * so they never reach the built-in engine, which can take exponential time: this one is a Thompson
 * automaton, linear in the length of the text. No look-around and no back references.
 */
export type Pattern = readonly Instruction[];

export type Instruction =
  | { readonly op: 'char'; readonly test: (char: string) => boolean }
  | { readonly op: 'split'; readonly to: readonly [number, number] }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'start' | 'end' | 'match' };

const MAX_SOURCE = 500;
const MAX_INSTRUCTIONS = 1_000;
const MAX_REPEAT = 100;

/** Null when it is too long or uses something else than the supported syntax. */
export function parsePattern(source: string): Pattern | null {
  if (source.length > MAX_SOURCE) return null;
  try {
    return new PatternParser(source).parse();
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

type CharTest = (char: string) => boolean;

const CLASSES: Readonly<Record<string, CharTest>> = {
  d: (char) => /\d/u.test(char),
  D: (char) => !/\d/u.test(char),
  w: (char) => /\w/u.test(char),
  W: (char) => !/\w/u.test(char),
  s: (char) => /\s/u.test(char),
  S: (char) => !/\s/u.test(char),
};
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

class PatternParser {
  readonly #chars: readonly string[];
  #at = 0;

  constructor(source: string) {
    this.#chars = Array.from(source);
  }

  parse(): Pattern {
    const program = [...this.#alternatives(), { op: 'match' } as const];
    if (this.#at < this.#chars.length) throw new SyntaxError('unexpected )');
    return program;
  }

  #alternatives(): Instruction[] {
    const left = this.#sequence();
    if (this.#peek() !== '|') return left;
    this.#at += 1;
    const right = this.#alternatives();
    return limited([
      { op: 'split', to: [1, left.length + 2] },
      ...shifted(left, 1),
      { op: 'jump', to: left.length + right.length + 2 },
      ...shifted(right, left.length + 2),
    ]);
  }

  #sequence(): Instruction[] {
    let program: Instruction[] = [];
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; ) {
      const piece = this.#repeated(this.#atom());
      program = limited([...program, ...shifted(piece, program.length)]);
      next = this.#peek();
    }
    return program;
  }

  #atom(): Instruction[] {
    const char = this.#take();
    if (char === '(') return this.#group();
    if (char === '[') return [{ op: 'char', test: this.#charClass() }];
    if (char === '.') return [{ op: 'char', test: (found) => found !== '\n' }];
    if (char === '^') return [{ op: 'start' }];
    if (char === '$') return [{ op: 'end' }];
    if ('*+?{'.includes(char)) throw new SyntaxError('nothing to repeat');
    return [{ op: 'char', test: char === '\\' ? this.#escape() : same(char) }];
  }

  #group(): Instruction[] {
    if (this.#peek() === '?') {
      this.#at += 1;
      if (this.#take() !== ':') throw new SyntaxError('unsupported group');
    }
    const inside = this.#alternatives();
    if (this.#take() !== ')') throw new SyntaxError('missing )');
    return inside;
  }

  #repeated(atom: Instruction[]): Instruction[] {
    const range = this.#range();
    if (range === null) return atom;
    if (this.#peek() === '?') this.#at += 1;
    let program: Instruction[] = [];
    const append = (piece: Instruction[]): void => {
      program = limited([...program, ...shifted(piece, program.length)]);
    };
    for (let count = 0; count < range.min; count += 1) append(atom);
    if (range.max === null) append(star(atom));
    else for (let count = range.min; count < range.max; count += 1) append(optional(atom));
    return program;
  }

  #range(): { min: number; max: number | null } | null {
    const char = this.#peek();
    if (char === '*') return this.#simple(0, null);
    if (char === '+') return this.#simple(1, null);
    if (char === '?') return this.#simple(0, 1);
    return char === '{' ? this.#counted() : null;
  }

  #simple(min: number, max: number | null): { min: number; max: number | null } {
    this.#at += 1;
    return { min, max };
  }

  #counted(): { min: number; max: number | null } {
    const close = this.#chars.indexOf('}', this.#at);
    const text = this.#chars.slice(this.#at + 1, close).join('');
    const found = /^(\d{1,3})(,(\d{0,3}))?$/u.exec(text);
    if (close < 0 || found === null) throw new SyntaxError('bad repetition');
    this.#at = close + 1;
    const min = Number(found[1]);
    const upper = found[3] === undefined || found[3] === '' ? null : Number(found[3]);
    const max = found[2] === undefined ? min : upper;
    if (min > MAX_REPEAT || (max !== null && (max > MAX_REPEAT || max < min))) {
      throw new SyntaxError('bad repetition');
    }
    return { min, max };
  }

  #charClass(): CharTest {
    const negated = this.#peek() === '^';
    if (negated) this.#at += 1;
    const tests: CharTest[] = [];
    for (let char = this.#take(); char !== ']' || tests.length === 0; char = this.#take()) {
      tests.push(this.#classItem(char));
    }
    return (char) => tests.some((test) => test(char)) !== negated;
  }

  #classItem(char: string): CharTest {
    if (char === '\\') return this.#escape();
    if (this.#peek() !== '-' || this.#chars[this.#at + 1] === ']') return same(char);
    this.#at += 1;
    const last = this.#take();
    if (last < char) throw new SyntaxError('bad range');
    return (found) => found >= char && found <= last;
  }

  #escape(): CharTest {
    const char = this.#take();
    const known = CLASSES[char];
    if (known !== undefined) return known;
    if (/[a-z0-9]/iu.test(char) && ESCAPED[char] === undefined) {
      throw new SyntaxError('unsupported escape');
    }
    return same(ESCAPED[char] ?? char);
  }

  #peek(): string | undefined {
    return this.#chars[this.#at];
  }

  #take(): string {
    const char = this.#chars[this.#at];
    if (char === undefined) throw new SyntaxError('unexpected end');
    this.#at += 1;
    return char;
  }
}

function same(char: string): CharTest {
  return (found) => found === char;
}

function star(atom: readonly Instruction[]): Instruction[] {
  return [{ op: 'split', to: [1, atom.length + 2] }, ...shifted(atom, 1), { op: 'jump', to: 0 }];
}

function optional(atom: readonly Instruction[]): Instruction[] {
  return [{ op: 'split', to: [1, atom.length + 1] }, ...shifted(atom, 1)];
}

function shifted(program: readonly Instruction[], by: number): Instruction[] {
  return program.map((step) => {
    if (step.op === 'jump') return { op: 'jump', to: step.to + by };
    if (step.op === 'split') return { op: 'split', to: [step.to[0] + by, step.to[1] + by] };
    return step;
  });
}

function limited(program: Instruction[]): Instruction[] {
  if (program.length > MAX_INSTRUCTIONS) throw new SyntaxError('pattern too large');
  return program;
}

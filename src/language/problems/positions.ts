import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  Scalar,
} from 'yaml';

export type DataPath = readonly (string | number)[];

export interface Position {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
}

interface Entry {
  readonly key: Position | null;
  readonly value: Position;
  /** Where the text of a scalar starts, so that a place inside it can be found. */
  readonly text: { readonly line: number; readonly column: number; readonly block: boolean } | null;
}

/** Where things are in a file. Dialects answer with places of their own keys. */
export type Locations = Pick<Positions, 'ofValue' | 'ofKey' | 'inText'>;

/** Finds the line and column of a value by its path in the data: `['steps', 2, 'agent']`. */
export class Positions {
  readonly #entries = new Map<string, Entry>();
  readonly #lines: LineCounter;
  readonly #source: string;

  constructor(root: Node | null, source: string, lines: LineCounter) {
    this.#lines = lines;
    this.#source = source;
    if (root !== null) this.#index(root, [], null);
  }

  /** Of the value, or of the nearest thing around it. */
  ofValue(path: DataPath): Position {
    return this.#find(path)?.value ?? { line: 1, column: 1, endLine: 1 };
  }

  ofKey(path: DataPath): Position {
    const entry = this.#entries.get(keyOf(path));
    return entry?.key ?? entry?.value ?? this.ofValue(path);
  }

  /** Of a line and column inside a text value, such as a prompt. */
  inText(path: DataPath, line: number, column: number): Position {
    const start = this.#entries.get(keyOf(path))?.text ?? null;
    if (start === null) return this.ofValue(path);
    if (!start.block && line > 1) return { ...this.ofValue(path) };
    const found = start.line + line - 1;
    return { line: found, column: start.column + column - 1, endLine: found };
  }

  #find(path: DataPath): Entry | undefined {
    for (let length = path.length; length >= 0; length -= 1) {
      const entry = this.#entries.get(keyOf(path.slice(0, length)));
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  #index(node: Node, path: DataPath, key: Position | null): void {
    this.#entries.set(keyOf(path), {
      key,
      value: this.#positionOf(node),
      text: isScalar(node) ? this.#textStart(node) : null,
    });
    if (isAlias(node)) return;
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        if (isNode(item)) this.#index(item, [...path, index], null);
      }
    }
    if (isMap(node)) for (const pair of node.items) this.#indexPair(pair, path);
  }

  #indexPair(pair: Pair, path: DataPath): void {
    if (!isScalar(pair.key)) return;
    const inner = [...path, String(pair.key.value)];
    const key = this.#positionOf(pair.key);
    if (isNode(pair.value)) this.#index(pair.value, inner, key);
    else this.#entries.set(keyOf(inner), { key, value: key, text: null });
  }

  #positionOf(node: Node): Position {
    const [start, end] = node.range ?? [0, 0];
    const from = this.#lines.linePos(start);
    const to = this.#lines.linePos(Math.max(start, end - 1));
    return {
      line: Math.max(1, from.line),
      column: Math.max(1, from.col),
      endLine: Math.max(1, to.line),
    };
  }

  #textStart(node: Scalar): Entry['text'] {
    const offset = node.range?.[0] ?? 0;
    const { line, col } = this.#lines.linePos(offset);
    if (node.type !== Scalar.BLOCK_LITERAL) {
      const quoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;
      return node.type === Scalar.BLOCK_FOLDED
        ? null
        : { line, column: col + Number(quoted), block: false };
    }
    const rest = this.#source.slice(this.#source.indexOf('\n', offset) + 1);
    // What the block stripped from its first non-empty line is its indentation.
    const indent = blanksBefore(rest) - blanksBefore(String(node.value));
    return { line: line + 1, column: indent + 1, block: true };
  }
}

function blanksBefore(text: string): number {
  return /^(?:[ \t]*\r?\n)*( *)/.exec(text)?.[1]?.length ?? 0;
}

function keyOf(path: DataPath): string {
  return path.join('\u0000');
}

import type { DataPath, Locations, Position } from '../problems/positions.ts';

type TextPlace = (line: number, column: number) => Position;

/** Leads from the keys a file was translated into back to the keys its author wrote. */
export class Places implements Locations {
  readonly #base: Locations;
  readonly #moved = new Map<string, DataPath>();
  readonly #texts = new Map<string, TextPlace>();

  constructor(base: Locations) {
    this.#base = base;
  }

  /** What is below `native` came from below `source`. */
  move(native: DataPath, source: DataPath): this {
    this.#moved.set(keyOf(native), source);
    return this;
  }

  /** Where a place inside a composed text is. */
  moveText(native: DataPath, place: TextPlace): this {
    this.#texts.set(keyOf(native), place);
    return this;
  }

  ofValue(path: DataPath): Position {
    return this.#base.ofValue(this.#sourceOf(path));
  }

  ofKey(path: DataPath): Position {
    return this.#base.ofKey(this.#sourceOf(path));
  }

  inText(path: DataPath, line: number, column: number): Position {
    const place = this.#texts.get(keyOf(path));
    return place?.(line, column) ?? this.#base.inText(this.#sourceOf(path), line, column);
  }

  #sourceOf(path: DataPath): DataPath {
    for (let length = path.length; length >= 0; length -= 1) {
      const source = this.#moved.get(keyOf(path.slice(0, length)));
      if (source !== undefined) return [...source, ...path.slice(length)];
    }
    return path;
  }
}

function keyOf(path: DataPath): string {
  return path.join('\u0000');
}

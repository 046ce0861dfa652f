import { type Value, valueOf } from './template-value.ts';

/** Names visible at a place. A loop opens a new scope; `set` changes the name where it lives. */
export class TemplateScope {
  readonly #names = new Map<string, Value>();
  readonly #outer: TemplateScope | null;

  constructor(outer: TemplateScope | null) {
    this.#outer = outer;
  }

  find(name: string): Value {
    const owner = this.#owner(name);
    return (owner === null ? undefined : owner.#names.get(name)) ?? valueOf(undefined, null, name);
  }

  declare(name: string, value: Value): void {
    this.#names.set(name, { ...value, label: name });
  }

  assign(name: string, value: Value): void {
    (this.#owner(name) ?? this).declare(name, value);
  }

  #owner(name: string): TemplateScope | null {
    if (this.#names.has(name)) return this;
    return this.#outer === null ? null : this.#outer.#owner(name);
  }
}

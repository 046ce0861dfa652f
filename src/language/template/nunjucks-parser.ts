import nunjucks from 'nunjucks';

/** A node of nunjucks' own tree. Lines and columns count from 0; fields depend on the type. */
export interface NunjucksNode {
  readonly typename: string;
  readonly lineno: number;
  readonly colno: number;
  readonly children?: readonly NunjucksNode[];
  readonly [field: string]: unknown;
}

interface Parser {
  parseAsRoot(): NunjucksNode;
  parseRaw(tag?: string): NunjucksNode;
}

interface Exports {
  readonly lexer: { lex(text: string, options: object): unknown };
  readonly parser: { readonly Parser: new (tokens: unknown) => Parser };
}
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the published types leave out the lexer and the parser, which the package exports
const { lexer, parser } = nunjucks as unknown as Exports;

/** Nodes of `{% raw %}` text, in which `${name}` stays as it is. */
const rawNodes = new WeakSet<object>();

/**
 * Parses with nunjucks' lexer and parser, and runs nothing. Throws whatever they throw, which for
 * hostile text may be a TypeError or a RangeError.
 */
export function parseNunjucks(text: string): NunjucksNode {
  const instance = new parser.Parser(lexer.lex(text, { trimBlocks: true, lstripBlocks: true }));
  const parseRaw = instance.parseRaw.bind(instance);
  instance.parseRaw = (tag) => {
    const output = parseRaw(tag);
    for (const child of output.children ?? []) rawNodes.add(child);
    return output;
  };
  return instance.parseAsRoot();
}

export function isRawText(node: NunjucksNode): boolean {
  return rawNodes.has(node);
}

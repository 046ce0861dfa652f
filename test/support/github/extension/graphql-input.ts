export interface Mutation {
  name: string;
  input: Record<string, unknown>;
}

/**
 * Reads the one mutation of a GraphQL document and its `input` argument, given as a variable or as a literal. Null when
 * the document is anything else.
 */
export function parseMutation(query: string, variables: Record<string, unknown>): Mutation | null {
  const field =
    /^\s*mutation\b[^{]*\{\s*(\w+)\s*\(\s*input\s*:\s*(\$\w+|\{[^}]*\})\s*\)\s*\{[^{}]*(\{[^{}]*\}[^{}]*)*\}\s*\}\s*$/.exec(
      query,
    );
  const [, name, argument] = field ?? [];
  if (name === undefined || argument === undefined) return null;
  if (argument.startsWith('$')) {
    return { name, input: (variables[argument.slice(1)] ?? {}) as Record<string, unknown> };
  }
  const input: Record<string, unknown> = {};
  for (const [, key = '', value = ''] of argument.matchAll(
    /(\w+)\s*:\s*("(?:[^"\\]|\\.)*"|\$?[\w-]+)/g,
  )) {
    input[key] = valueOf(value, variables);
  }
  return { name, input };
}

function valueOf(literal: string, variables: Record<string, unknown>): unknown {
  if (literal.startsWith('$')) return variables[literal.slice(1)];
  if (literal.startsWith('"')) return JSON.parse(literal) as string;
  return literal;
}

const COMPARISON =
  /^\s*(?:\{\{\s*(?<braced>[\w.-]+)\s*\}\}|(?<plain>[\w.-]+))\s+(?<op>contains|not_contains|equals|starts_with)\s+(?<value>\S[\s\S]*?)\s*$/;

const OPERATORS: Readonly<Record<string, string>> = {
  contains: 'contains',
  not_contains: 'not contains',
  equals: '==',
  starts_with: 'starts_with',
};

/**
 * `{{review}} contains APPROVED` as a native condition; null if it is not one. `own` are the names
 * of the answer being judged, which is looked at as a whole.
 */
export function nativeCondition(text: string, own: readonly unknown[]): string | null {
  const { braced, plain, op = '', value = '' } = COMPARISON.exec(text)?.groups ?? {};
  const name = braced ?? plain;
  if (name === undefined) return null;
  const path = own.includes(name) ? 'text' : name;
  return `${path} ${OPERATORS[op]} ${JSON.stringify(unquoted(value))}`;
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value;
}

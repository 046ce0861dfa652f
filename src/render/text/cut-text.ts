const encoder = new TextEncoder();

/** Size as GitHub counts it: bytes of UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** The longest beginning of a text that fits, never splitting a character. */
export function cutBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || byteLength(text) <= maxBytes) return text;
  let low = 0;
  let high = Math.min(text.length, maxBytes);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (byteLength(text.slice(0, middle)) <= maxBytes) low = middle;
    else high = middle - 1;
  }
  return withoutHalfCharacter(text.slice(0, low));
}

/** At most so many characters, with an ellipsis in place of the rest. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${withoutHalfCharacter(text.slice(0, maxLength - 1)).trimEnd()}…`;
}

function withoutHalfCharacter(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}

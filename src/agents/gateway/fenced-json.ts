const OPENING = /^\s*```\s*(?:json)?\s*$/i;
const CLOSING = /^\s*```\s*$/;

/** Finds the last fenced block that is JSON, or takes the whole text if that is. Undefined if neither is. */
export function findFencedJson(text: string): { value: unknown } | undefined {
  for (const block of fencedBlocks(text).toReversed()) {
    const parsed = parseJson(block);
    if (parsed !== undefined) return parsed;
  }
  return parseJson(text);
}

/** Parses JSON text, or returns undefined. Wrapped, because `null` is JSON too. */
export function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function fencedBlocks(text: string): string[] {
  const blocks: string[] = [];
  let open: string[] | undefined;
  for (const line of text.split('\n')) {
    if (open === undefined) {
      if (OPENING.test(line)) open = [];
    } else if (CLOSING.test(line)) {
      blocks.push(open.join('\n'));
      open = undefined;
    } else {
      open.push(line);
    }
  }
  return blocks;
}

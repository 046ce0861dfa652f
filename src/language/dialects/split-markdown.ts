export interface MarkdownParts {
  /** YAML between the `---` lines. */
  readonly front: string;
  readonly body: string;
  /** Line of the file on which the body starts. */
  readonly bodyLine: number;
}

/** Splits a Markdown file at its front matter; null if it has none. */
export function splitMarkdown(text: string): MarkdownParts | null {
  const match = /^---[ \t]*\r?\n([\s\S]*?)(?:^|\r?\n)---[ \t]*(?:\r?\n|$)([\s\S]*)$/.exec(text);
  if (match === null) return null;
  const [, front = '', body = ''] = match;
  const before = text.slice(0, text.length - body.length);
  return { front, body, bodyLine: before.split('\n').length };
}

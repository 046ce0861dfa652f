import { shorten } from './cut-text.ts';
import { neutralise } from './neutralise.ts';
import { scrubSecrets } from './scrub.ts';

/**
 * Words of people and models for one line of Markdown: a table cell, a headline, a list entry.
 * They notify nobody, link nowhere, and cannot leave their line or cell.
 */
export function cleanLine(text: string, maxLength: number): string {
  return neutralise(plainLine(text, maxLength).replaceAll('|', '¦'));
}

/** The same for places that are not Markdown, such as titles. */
export function plainLine(text: string, maxLength: number): string {
  const line = scrubSecrets(withoutInvisible(text)).replace(/\s+/g, ' ').trim();
  return shorten(line, maxLength);
}

/** A name of ours or of a file, as inline code. */
export function code(text: string): string {
  return `\`${plainLine(text, 200).replaceAll('`', "'").replaceAll('|', '¦') || ' '}\``;
}

/** Drops control characters and anything readers cannot see but machines act on. */
export function withoutInvisible(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(INVISIBLE, '');
}

/** U+FE0F stays: it is the difference between a symbol and its emoji. */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}]|(?!\uFE0F)\p{Variation_Selector}/gu;

/** PostgreSQL holds neither U+0000 nor halves of surrogate pairs, which people paste and agents print. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

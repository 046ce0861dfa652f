/** PostgreSQL cannot hold U+0000 or lone surrogates, which people paste and agents print. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

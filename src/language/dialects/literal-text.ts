/** Text that is in a prompt literally, whatever it looks like to a template. */
export function literalText(text: string): string {
  if (!/\{[{%#]|\$\{/.test(text)) return text;
  // A text cannot end the block it is in: the words of the closing tag are put in as a value.
  return text
    .split(/(\{%-?\s*endraw\s*-?%\})/)
    .map((part, index) =>
      index % 2 === 1
        ? `{{ ${JSON.stringify('{%')} }} endraw {{ ${JSON.stringify('%}')} }}`
        : part === ''
          ? ''
          : `{% raw %}${part}{% endraw %}`,
    )
    .join('');
}

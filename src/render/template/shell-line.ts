import { TemplateError } from '../../language/template/template-error.ts';
import {
  type PrintedValue,
  type Rendered,
  renderTemplate,
  type TemplateInput,
} from './template.ts';

/**
 * Renders the template of a shell line. Every value becomes one quoted word, so it stays data
 * whatever it holds; where a quoted word would not stay one, the template is refused.
 */
export function renderShellLine(source: string, input: Omit<TemplateInput, 'print'>): Rendered {
  return renderTemplate(source, { ...input, print: quoted });
}

function quoted({ text, before, at }: PrintedValue): string {
  if (text.includes('\0')) {
    throw new TemplateError('template-value', 'a NUL character cannot be part of a command', at);
  }
  const place = placeAt(before());
  if (place !== 'word') {
    throw new TemplateError('template-refused', REASONS[place], at);
  }
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

type Place = 'word' | 'quote' | 'comment' | 'escape' | 'here-document';

const REASONS: Readonly<Record<Exclude<Place, 'word'>, string>> = {
  quote: 'values are quoted for you; take the quotes around this one away',
  comment: 'a value cannot stand in a comment of a command',
  escape: 'take the backslash in front of this value away; values are quoted for you',
  'here-document': 'a value cannot follow <<; write it with printf and a pipe',
};

/** Where the shell is after this much of the line. Quoted values before it are balanced. */
function placeAt(line: string): Place {
  let quote: string | null = null;
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index] ?? '';
    if (quote === "'") {
      if (character === "'") quote = null;
    } else if (character === '\\') {
      if (index === line.length - 1) return 'escape';
      index += 1;
    } else if (quote !== null) {
      if (character === quote) quote = null;
    } else if (character === '"' || character === "'" || character === '`') {
      quote = character;
    } else if (character === '<' && line[index + 1] === '<') {
      return 'here-document';
    } else if (character === '#' && /^[\s;&|(]?$/.test(line[index - 1] ?? '')) {
      const end = line.indexOf('\n', index);
      if (end < 0) return 'comment';
      index = end;
    }
  }
  return quote === null ? 'word' : 'quote';
}

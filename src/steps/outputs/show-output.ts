import { isObject, type Json } from '../../plan/json.ts';
import type { PromptOutput } from '../../render/prompt/prompt-input.ts';
import { composeText } from './compose-text.ts';
import type { SeenOutput } from './read-visible.ts';

/** How much of one earlier output a prompt may contain; the rest is fetched with `get_output`. */
const MAX_SHOWN = 50_000;
/** `visibility: auto` shows a manifest for anything longer. */
const MAX_AUTO = 10_000;
const PREVIEW = 200;
const CHARS_PER_TOKEN = 4;

/** How a prompt shows an earlier output, given what its step reveals and what is affordable. */
export function showOutput(output: SeenOutput, lazyTokens: number | null): PromptOutput {
  const { visibility, shown: data, name } = output;
  if (visibility.mode === 'none') return whole('', null);
  const text = keptText(output, name);
  const lazyAt = lazyTokens === null ? Infinity : lazyTokens * CHARS_PER_TOKEN;
  const manifestAt = Math.min(visibility.mode === 'auto' ? MAX_AUTO : Infinity, lazyAt);
  if (text.length > manifestAt) return whole(manifest(output, text, retrievable(name)), data);
  const limit = Math.min(output.cutTo ?? MAX_SHOWN, MAX_SHOWN);
  return {
    text: text.slice(0, limit),
    data,
    truncated: text.length > limit,
    size: text.length,
    keys: isObject(data) ? Object.keys(data) : [],
  };
}

/** The text without what its steps keep to themselves. `from` is the name it can be fetched by. */
function keptText(output: SeenOutput, from: string): string {
  if (output.parts.length > 0) {
    const composed = composeText(output.parts, (part) => partText(part, from));
    return composed === '' ? output.text : composed;
  }
  return output.visibility.mode === 'summary' ? summary(output, from) : output.text;
}

/** One of several parts of an output, to be fetched together with the others. */
function partText(part: SeenOutput, from: string): string {
  const text = keptText(part, from);
  if (part.visibility.mode === 'auto' && text.length > MAX_AUTO)
    return manifest(part, text, retrievable(from));
  return part.cutTo === null ? text : text.slice(0, part.cutTo);
}

/** Only the chosen fields of the structured result; without a result, only the beginning. */
function summary({ shown, text }: SeenOutput, from: string): string {
  if (isObject(shown)) return JSON.stringify(shown, null, 2);
  const more = text.length > PREVIEW ? `…\n${retrievable(from)}` : '';
  return text.slice(0, PREVIEW) + more;
}

/** What stands in for an output that is too long to be in every prompt. */
function manifest({ name, size, shown }: SeenOutput, text: string, how: string): string {
  const sizes = isObject(shown)
    ? Object.entries(shown).map(([key, value]) => `${key} (${JSON.stringify(value).length})`)
    : [];
  const fields = sizes.length === 0 ? '' : ` Its fields and their lengths: ${sizes.join(', ')}.`;
  return `[${name} has ${size} characters.${fields} ${how} It begins:]\n${text.slice(0, PREVIEW)}…`;
}

function retrievable(name: string): string {
  return `The tool get_output with the name "${name}" returns all of it, with \`key\` one field.`;
}

function whole(text: string, data: Json): PromptOutput {
  return { text, data, truncated: false, size: text.length, keys: [] };
}

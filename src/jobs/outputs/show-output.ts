import { isObject } from '../../engine/read-path.ts';
import type { PromptOutput } from '../../render/prompt.ts';
import type { Json, JsonObject } from '../../workflow/json.ts';
import type { SeenOutput } from './read-visible.ts';

/** What one prompt may hold of one earlier output; the rest is fetched with `get_output`. */
const MAX_SHOWN = 50_000;
/** `visibility: auto` shows a manifest of anything longer. */
const MAX_AUTO = 10_000;
const PREVIEW = 200;
const CHARS_PER_TOKEN = 4;

/** How a prompt shows an earlier output, by what its step lets others see and what is affordable. */
export function showOutput(output: SeenOutput, lazyTokens: number | null): PromptOutput {
  const { visibility } = output;
  if (visibility.mode === 'none') return whole('', null);
  const kept = visibility.mode === 'summary' ? summary(output) : output;
  const lazyAt = lazyTokens === null ? Infinity : lazyTokens * CHARS_PER_TOKEN;
  const manifestAt = Math.min(visibility.mode === 'auto' ? MAX_AUTO : Infinity, lazyAt);
  if (kept.text.length > manifestAt) return whole(manifest(output), kept.data);
  const limit = Math.min(output.cutTo ?? MAX_SHOWN, MAX_SHOWN);
  return {
    text: kept.text.slice(0, limit),
    data: kept.data,
    truncated: kept.text.length > limit,
    size: kept.text.length,
    keys: isObject(kept.data) ? Object.keys(kept.data) : [],
  };
}

/** Chosen fields of the structured result and nothing else; without one, only the beginning. */
function summary(output: SeenOutput): { text: string; data: Json } {
  const { data, text, visibility } = output;
  if (!isObject(data)) {
    const more = text.length > PREVIEW ? `…\n${retrievable(output)}` : '';
    return { text: text.slice(0, PREVIEW) + more, data };
  }
  const fields: JsonObject = Object.fromEntries(
    Object.entries(data).filter(
      ([key]) =>
        (visibility.include.length === 0 || visibility.include.includes(key)) &&
        !visibility.exclude.includes(key),
    ),
  );
  return { text: JSON.stringify(fields, null, 2), data: fields };
}

/** What stands for an output that is too long to be in every prompt. */
function manifest(output: SeenOutput): string {
  const { name, text, size, data } = output;
  const sizes = isObject(data)
    ? Object.entries(data).map(([key, value]) => `${key} (${JSON.stringify(value).length})`)
    : [];
  const fields = sizes.length === 0 ? '' : ` Its fields and their lengths: ${sizes.join(', ')}.`;
  return `[${name} has ${size} characters.${fields} ${retrievable(output)} It begins:]\n${text.slice(0, PREVIEW)}…`;
}

function retrievable({ name }: SeenOutput): string {
  return `The tool get_output with the name "${name}" returns all of it, with \`key\` one field.`;
}

function whole(text: string, data: Json): PromptOutput {
  return { text, data, truncated: false, size: text.length, keys: [] };
}

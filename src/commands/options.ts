import type { Json, JsonObject } from '../plan/json.ts';

/** `key=value` and `--key value` before a text: `size=large title="a b" Add rate limiting`. */
export function readParams(text: string): { params: JsonObject; text: string } {
  const params: [string, Json][] = [];
  let rest = text.trimStart();
  for (;;) {
    const match = PARAM.exec(rest);
    if (match === null) return { params: Object.fromEntries(params), text: rest };
    const [whole, key, flag = '', quoted, word = ''] = match;
    params.push([key ?? flag, quoted ?? word]);
    rest = rest.slice(whole.length).trimStart();
  }
}

const PARAM =
  /^(?:((?:execution\.)?[a-z][\w-]{0,63})=|--((?:execution\.)?[a-z][\w-]{0,63})(?:=|\s+))(?:"([^"]*)"|([^\s"]\S*)?)(?=\s|$)/i;

/** Takes `--name rest of the line` out of a text. */
export function takeOption(text: string, name: string): { text: string; value: string | null } {
  const at = new RegExp(`(?:^|\\s)--${name}(?:[\\s=]+|$)`, 'i').exec(text);
  if (at === null) return { text, value: null };
  const value = text.slice(at.index + at[0].length).trim();
  return { text: text.slice(0, at.index), value: value === '' ? null : value };
}

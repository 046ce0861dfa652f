import { isRecord } from '../../is-record.ts';

/** Where the three kinds of requests hold what was said. */
const CONVERSATIONS = [
  'messages',
  'system',
  'input',
  'contents',
  'systemInstruction',
  'system_instruction',
] as const;
/** Arguments and results of tools: data of their own shape, which no server looks into. */
const OPAQUE = new Set(['args', 'arguments', 'response']);
const ADDRESS_KEYS = ['image_url', 'file_url', 'video_url', 'fileUri', 'file_uri'] as const;
const MAX_DEPTH = 12;

/**
 * Whether the model's server would have to fetch a picture or a document from an address somewhere
 * in the conversation. Content nested deeper than in any known request counts as such.
 */
export function asksForRemoteContent(body: Record<string, unknown>): boolean {
  return CONVERSATIONS.some((key) => isRemote(body[key], 0));
}

function isRemote(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth > MAX_DEPTH) return true;
  if (Array.isArray(value)) return value.some((entry) => isRemote(entry, depth + 1));
  if (!isRecord(value)) return false;
  if (value['type'] === 'url' && isAddress(value['url'])) return true;
  if (ADDRESS_KEYS.some((key) => isAddress(addressIn(value[key])))) return true;
  return Object.entries(value).some(
    ([key, inner]) => !isOpaque(key, value) && isRemote(inner, depth + 1),
  );
}

function addressIn(value: unknown): unknown {
  return isRecord(value) ? value['url'] : value;
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && !value.startsWith('data:');
}

function isOpaque(key: string, { type }: Record<string, unknown>): boolean {
  return OPAQUE.has(key) || (key === 'input' && type === 'tool_use');
}

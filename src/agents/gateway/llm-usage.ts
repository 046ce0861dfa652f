import { parseJson } from './fenced-json.ts';

/** Tokens of one model call. `input` excludes what came from or went to a cache. */
export interface LlmTokens {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  model?: string;
}

const MAX_LINE = 4 * 1024 * 1024;
const MENTIONS_USAGE = /"usage(?:Metadata)?"/;

/** Picks the token counts out of a model's answer as it streams by: Anthropic, OpenAI and Gemini, SSE and JSON. */
export class LlmUsageReader {
  readonly #isEventStream: boolean;
  readonly #decoder = new TextDecoder();
  #pending = '';
  #tokens: LlmTokens | undefined;

  constructor(contentType: string) {
    this.#isEventStream = contentType.includes('text/event-stream');
  }

  add(chunk: Uint8Array): void {
    this.#pending += this.#decoder.decode(chunk, { stream: true });
    if (this.#isEventStream) this.#takeLines();
    if (this.#pending.length > MAX_LINE) this.#pending = '';
  }

  /** The counts of the whole answer; undefined if it reported none. */
  finish(): LlmTokens | undefined {
    this.#takeEvent(this.#pending);
    this.#pending = '';
    return this.#tokens;
  }

  #takeLines(): void {
    const lines = this.#pending.split('\n');
    this.#pending = lines.pop() ?? '';
    for (const line of lines) this.#takeEvent(line);
  }

  #takeEvent(text: string): void {
    if (!MENTIONS_USAGE.test(text)) return;
    const json = parseJson(text.startsWith('data:') ? text.slice('data:'.length) : text);
    const events: unknown[] = Array.isArray(json?.value) ? json.value : [json?.value];
    for (const event of events) {
      const found = tokensOf(event);
      if (found !== undefined) this.#tokens = largest(this.#tokens, found);
    }
  }
}

function tokensOf(event: unknown): LlmTokens | undefined {
  // Anthropic opens a stream with {message: {usage}}, OpenAI closes one with {response: {usage}}.
  for (const holder of [event, field(event, 'message'), field(event, 'response')]) {
    const tokens = fromUsage(field(holder, 'usage')) ?? fromGemini(field(holder, 'usageMetadata'));
    if (tokens === undefined) continue;
    const model = field(holder, 'model') ?? field(holder, 'modelVersion');
    return typeof model === 'string' ? { ...tokens, model } : tokens;
  }
  return undefined;
}

function fromUsage(usage: unknown): LlmTokens | undefined {
  if (typeof usage !== 'object' || usage === null) return undefined;
  const cached =
    count(field(usage, 'prompt_tokens_details'), 'cached_tokens') +
    count(field(usage, 'input_tokens_details'), 'cached_tokens');
  const input = count(usage, 'prompt_tokens') + count(usage, 'input_tokens');
  return {
    input: Math.max(0, input - cached),
    output: count(usage, 'completion_tokens') + count(usage, 'output_tokens'),
    cacheRead: cached + count(usage, 'cache_read_input_tokens'),
    cacheWrite: count(usage, 'cache_creation_input_tokens'),
  };
}

function fromGemini(usage: unknown): LlmTokens | undefined {
  if (typeof usage !== 'object' || usage === null) return undefined;
  const cacheRead = count(usage, 'cachedContentTokenCount');
  return {
    input: Math.max(0, count(usage, 'promptTokenCount') - cacheRead),
    output: count(usage, 'candidatesTokenCount') + count(usage, 'thoughtsTokenCount'),
    cacheRead,
    cacheWrite: 0,
  };
}

/** Every vendor's counts grow within one answer, so the largest one seen is the total. */
function largest(a: LlmTokens | undefined, b: LlmTokens): LlmTokens {
  if (a === undefined) return b;
  const model = a.model ?? b.model;
  return {
    input: Math.max(a.input, b.input),
    output: Math.max(a.output, b.output),
    cacheRead: Math.max(a.cacheRead, b.cacheRead),
    cacheWrite: Math.max(a.cacheWrite, b.cacheWrite),
    ...(model !== undefined && { model }),
  };
}

function field(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

function count(value: unknown, key: string): number {
  const found = field(value, key);
  return typeof found === 'number' && Number.isFinite(found) && found > 0 ? found : 0;
}

import type { SessionUpdate, ToolCallUpdate } from '@agentclientprotocol/sdk/unstable';
import type { AgentProgress } from '../agent.ts';

const MAX_TEXT = 512 * 1024;
const MAX_PROGRESS_TEXT = 2_000;
const MAX_TOOL_CALLS = 1_000;
const MAX_PLAN_ENTRIES = 100;

/** What an agent said and did during one prompt. Limited: the end of a long answer is kept. */
export class Transcript {
  readonly #onProgress: (progress: AgentProgress) => void;
  readonly #toolCalls = new Map<string, Partial<ToolCallUpdate>>();
  #text = '';
  #costUsd: number | undefined;

  constructor(onProgress: (progress: AgentProgress) => void) {
    this.#onProgress = onProgress;
  }

  get text(): string {
    return this.#text;
  }

  /** What the agent says the session has cost so far. */
  get costUsd(): number | undefined {
    return this.#costUsd;
  }

  toolCall(id: string): Partial<ToolCallUpdate> {
    return this.#toolCalls.get(id) ?? {};
  }

  add(update: SessionUpdate): void {
    const kind = update.sessionUpdate;
    if (kind === 'agent_message_chunk') {
      if (update.content.type === 'text') this.#addText(update.content.text);
    } else if (kind === 'agent_thought_chunk') {
      if (update.content.type === 'text') this.#tell('thought', update.content.text);
    } else if (kind === 'tool_call' || kind === 'tool_call_update') {
      this.#addToolCall(update);
    } else if (kind === 'plan') {
      const entries = update.entries.slice(0, MAX_PLAN_ENTRIES).map(({ content }) => cut(content));
      this.#onProgress({ type: 'plan', entries });
    } else if (kind === 'notice') {
      this.#tell('notice', update.title);
    } else if (kind === 'usage_update' && update.cost?.currency === 'USD') {
      this.#costUsd = update.cost.amount;
    }
  }

  #addText(text: string): void {
    this.#text = (this.#text + text).slice(-MAX_TEXT);
    this.#tell('text', text);
  }

  #addToolCall(update: ToolCallUpdate): void {
    const known = { ...this.#toolCalls.get(update.toolCallId) };
    for (const [key, value] of Object.entries(update)) {
      if (value !== null && value !== undefined && key !== 'content')
        Object.assign(known, { [key]: value });
    }
    if (this.#toolCalls.size < MAX_TOOL_CALLS) this.#toolCalls.set(update.toolCallId, known);
    this.#onProgress({
      type: 'tool',
      id: update.toolCallId,
      title: cut(known.title ?? ''),
      kind: known.kind ?? 'other',
      status: known.status ?? 'pending',
    });
  }

  #tell(type: 'text' | 'thought' | 'notice', text: string): void {
    this.#onProgress({ type, text: cut(text) });
  }
}

function cut(text: string): string {
  return text.length > MAX_PROGRESS_TEXT ? `${text.slice(0, MAX_PROGRESS_TEXT)}…` : text;
}

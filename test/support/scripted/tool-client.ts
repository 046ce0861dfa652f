import type { McpServer } from '@agentclientprotocol/sdk/unstable';

interface ToolAnswer {
  text: string;
  isError: boolean;
}

interface RpcAnswer {
  result?: {
    tools?: { name: string; inputSchema: unknown }[];
    content?: { text?: string }[];
    isError?: boolean;
  };
  error?: { message: string };
}

/** Calls the engine's tools over HTTP, as an agent's tool client does. */
export class ToolClient {
  readonly #server: McpServer & { url: string; headers: { name: string; value: string }[] };

  constructor(servers: readonly McpServer[]) {
    const server = servers.find((candidate) => 'type' in candidate && candidate.type === 'http');
    if (server === undefined || !('url' in server))
      throw new Error('the session has no tool server');
    this.#server = server;
  }

  async call(name: string, args: unknown): Promise<ToolAnswer> {
    const { result, error } = await this.#request('tools/call', { name, arguments: args });
    if (result === undefined) return { text: error?.message ?? 'no answer', isError: true };
    const text = (result.content ?? []).map((part) => part.text ?? '').join('\n');
    return { text, isError: result.isError === true };
  }

  async schemaOf(name: string): Promise<unknown> {
    const { result } = await this.#request('tools/list', {});
    return result?.tools?.find((tool) => tool.name === name)?.inputSchema;
  }

  async #request(method: string, params: unknown): Promise<RpcAnswer> {
    const headers = this.#server.headers.map(({ name, value }): [string, string] => [name, value]);
    const response = await fetch(this.#server.url, {
      method: 'POST',
      headers: [
        ...headers,
        ['content-type', 'application/json'],
        ['accept', 'application/json, text/event-stream'],
      ],
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    if (!response.ok) return { error: { message: `HTTP ${response.status}` } };
    return (await response.json()) as RpcAnswer;
  }
}

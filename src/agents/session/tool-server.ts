import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import type { AgentTool } from '../agent.ts';
import { isSameSecret } from '../gateway/same-secret.ts';
import { compileJsonSchema } from '../json-schema.ts';

export const TOOL_SERVER = 'engine';

export interface ToolServer {
  readonly tools: readonly AgentTool[];
  /** Grants access to the tools of this one step. */
  readonly token: string;
}

const MAX_BODY = 1024 * 1024;
const MAX_ANSWER = 200_000;

/** Answers one Model Context Protocol request over HTTP. Nothing is kept between requests. */
export async function answerToolRequest(
  toolServer: ToolServer | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  // Without sessions there is no stream to open and nothing to delete.
  if (incoming.method !== 'POST') {
    outgoing.writeHead(405, { allow: 'POST', connection: 'close' }).end();
    return;
  }
  const given = incoming.headers.authorization?.replace(/^Bearer /i, '');
  if (toolServer === undefined || !isSameSecret(given, toolServer.token)) {
    outgoing.writeHead(401, { connection: 'close' }).end();
    return;
  }
  const server = createServer(toolServer.tools);
  const transport = new StreamableHTTPServerTransport({
    enableJsonResponse: true,
    maxRequestBodySize: MAX_BODY,
  });
  outgoing.once('close', () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(incoming, outgoing);
}

/** Lets a tool be called only with arguments that match its schema. A string says what is wrong with the schema. */
export function checkedTool(tool: AgentTool): AgentTool | string {
  const schema = compileJsonSchema(tool.inputSchema);
  if (typeof schema === 'string') return `The schema of the tool ${tool.name} is broken: ${schema}`;
  const call = (args: unknown): Promise<string> => {
    const validation = schema.validate(args);
    if (validation.valid) return tool.call(args);
    const problems = validation.problems.join('\n');
    return Promise.reject(new Error(`The arguments do not fit:\n${problems}`));
  };
  const { name, description, inputSchema } = tool;
  return { name, description, inputSchema, call };
}

function createServer(tools: readonly AgentTool[]): Server {
  const server = new Server(
    { name: TOOL_SERVER, version: '1.0.0' },
    { capabilities: { tools: {} } },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(describe) }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (tool === undefined) return failed(`There is no tool named ${params.name}.`);
    return callTool(tool, params.arguments ?? {});
  });
  return server;
}

function describe({ name, description, inputSchema }: AgentTool): Tool {
  return { name, description, inputSchema: { ...inputSchema, type: 'object' } };
}

async function callTool(tool: AgentTool, args: unknown): Promise<CallToolResult> {
  try {
    return { content: [{ type: 'text', text: (await tool.call(args)).slice(0, MAX_ANSWER) }] };
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function failed(text: string): CallToolResult {
  return { content: [{ type: 'text', text: text.slice(0, MAX_ANSWER) }], isError: true };
}

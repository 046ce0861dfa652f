import { isRecord } from '../../is-record.ts';

/**
 * Kinds of tools the agent itself runs, in the sandbox. Whatever else a request names would be run
 * by the model's server, on its network; a kind not yet known is assumed to be one of those.
 */
const OWN_KINDS =
  /^(?:function|custom|local_shell|apply_patch|computer|computer_use_preview|tool_search|(?:bash|text_editor|computer|memory)_\d{8}|tool_search_tool_(?:regex|bm25)(?:_\d{8})?)$/;
const OWN_PARTS = new Set([
  'functionDeclarations',
  'function_declarations',
  'computerUse',
  'computer_use',
]);
/** What makes a server search or call others without an entry among the tools. */
const SERVER_KEYS = [
  'mcp_servers',
  'container',
  'web_search_options',
  'search_parameters',
  'plugins',
] as const;
/** Models that search whatever the request says. */
const SEARCHING_MODEL = /search-(?:preview|api)|deep-research|:online$/;

export interface WithoutServerTools {
  readonly body: Record<string, unknown>;
  /** What was taken out, by name. */
  readonly removed: readonly string[];
  /** Nothing sensible is left to ask: the request was only about those tools. */
  readonly isPointless: boolean;
}

export function isSearchingModel(model: string): boolean {
  return SEARCHING_MODEL.test(model);
}

/** Takes out of a model request the tools that the model's server would run itself. */
export function withoutServerTools(request: Record<string, unknown>): WithoutServerTools {
  const body = { ...request };
  const removed: string[] = [];
  for (const key of SERVER_KEYS) {
    if (body[key] === undefined || body[key] === null) continue;
    delete body[key];
    removed.push(key);
  }
  const { tools } = request;
  if (Array.isArray(tools)) {
    const kept = keptTools(tools, removed);
    if (kept.length > 0) body['tools'] = kept;
    else delete body['tools'];
  } else if (tools !== undefined && tools !== null) {
    delete body['tools'];
    removed.push('tools');
  }
  const isPointless = removed.length > 0 && body['tools'] === undefined;
  if (removed.length > 0) settleChoice(body, removed);
  return { body, removed, isPointless };
}

function keptTools(tools: readonly unknown[], removed: string[]): unknown[] {
  return tools.flatMap((tool) => {
    const kept = isRecord(tool) ? keptTool(tool, removed) : undefined;
    if (kept === undefined && !isRecord(tool)) removed.push('tool');
    return kept === undefined ? [] : [kept];
  });
}

function keptTool(
  tool: Record<string, unknown>,
  removed: string[],
): Record<string, unknown> | undefined {
  const { type } = tool;
  if (type === undefined || type === null) {
    return 'name' in tool ? tool : keptParts(tool, removed);
  }
  if (type === 'namespace' && Array.isArray(tool['tools'])) {
    return { ...tool, tools: keptTools(tool['tools'], removed) };
  }
  if (typeof type === 'string' && (OWN_KINDS.test(type) || isOwnShell(tool))) return tool;
  removed.push(typeof type === 'string' ? type : 'tool');
  if (typeof tool['name'] === 'string') removed.push(tool['name']);
  return undefined;
}

/** A tool of this kind runs in one of the server's containers unless it says otherwise. */
function isOwnShell({ type, environment }: Record<string, unknown>): boolean {
  return type === 'shell' && isRecord(environment) && environment['type'] === 'local';
}

/** Gemini puts a tool's kind in a key, and several kinds in one entry. */
function keptParts(
  tool: Record<string, unknown>,
  removed: string[],
): Record<string, unknown> | undefined {
  const entries = Object.entries(tool);
  const own = entries.filter(([key]) => OWN_PARTS.has(key));
  removed.push(...entries.filter(([key]) => !OWN_PARTS.has(key)).map(([key]) => key));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

/** A request that insists on a tool it no longer has would be refused. */
function settleChoice(body: Record<string, unknown>, removed: readonly string[]): void {
  const choice = body['tool_choice'];
  if (body['tools'] === undefined) {
    delete body['tool_choice'];
    delete body['toolConfig'];
    delete body['tool_config'];
  } else if (isRecord(choice)) {
    const names = [choice['type'], choice['name']];
    if (names.some((name) => typeof name === 'string' && removed.includes(name))) {
      delete body['tool_choice'];
    } else if (Array.isArray(choice['tools'])) {
      body['tool_choice'] = { ...choice, tools: keptTools(choice['tools'], []) };
    }
  }
}

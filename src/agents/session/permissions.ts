import type {
  RequestPermissionRequest,
  RequestPermissionResponse,
  ToolCallUpdate,
} from '@agentclientprotocol/sdk/unstable';
import type { FileAccess } from '../agent.ts';

export interface PermissionRules {
  access: FileAccess;
  approveAll: boolean;
  /** Judges a command line; if undefined, `access` alone decides. */
  mayRun: ((line: string) => boolean) | undefined;
  /** The engine's own tools, which are always allowed. */
  toolNames: readonly string[];
}

const READING = new Set(['read', 'search', 'think', 'fetch']);
const CHANGING = new Set(['edit', 'delete', 'move']);
/** Kinds of tool calls an access level covers; null for all. */
const KINDS: Readonly<Record<FileAccess, ReadonlySet<string> | null>> = {
  readonly: READING,
  execute: new Set([...READING, 'execute']),
  edit: new Set([...READING, ...CHANGING]),
  full: null,
};

/**
 * Answers an agent that asks before it acts. Only a second layer: the sandbox holds whatever is
 * answered here. `known` is what the agent said about this tool call before, because some leave the
 * request itself empty.
 */
export function answerPermission(
  request: RequestPermissionRequest,
  known: Partial<ToolCallUpdate>,
  rules: PermissionRules,
): RequestPermissionResponse {
  const call = { ...known, ...withoutEmpty(request.toolCall) };
  const isAllowed = isOwnTool(call, rules.toolNames) || isAllowedCall(call, rules);
  const wanted = isAllowed ? allowing(rules) : ['reject_once', 'reject_always'];
  const option = wanted
    .map((kind) => request.options.find((candidate) => candidate.kind === kind))
    .find((candidate) => candidate !== undefined);
  if (option === undefined) return { outcome: { outcome: 'cancelled' } };
  return { outcome: { outcome: 'selected', optionId: option.optionId } };
}

/** An agent told "always allow" does not ask about the next command. */
function allowing({ mayRun }: PermissionRules): readonly string[] {
  return mayRun === undefined ? ['allow_once', 'allow_always'] : ['allow_once'];
}

function isAllowedCall(call: Partial<ToolCallUpdate>, rules: PermissionRules): boolean {
  const kind = call.kind ?? 'other';
  if (!isAllowedKind(kind, rules)) return false;
  if (rules.mayRun === undefined) return true;
  const line = commandLineIn(call.rawInput);
  // A call that does not state its command passes only if it cannot be one.
  return line === null ? READING.has(kind) || CHANGING.has(kind) : rules.mayRun(line);
}

function isAllowedKind(kind: string, rules: PermissionRules): boolean {
  return rules.approveAll || (KINDS[rules.access]?.has(kind) ?? true);
}

/** Agents name a server's tools in their own ways: `mcp__engine__submit_result`, `engine-submit_result`. */
function isOwnTool(call: Partial<ToolCallUpdate>, toolNames: readonly string[]): boolean {
  if (isShellInput(call.rawInput) || CHANGING.has(call.kind ?? 'other')) return false;
  const { title, rawInput, _meta } = call;
  const told = JSON.stringify([title, rawInput, _meta]);
  return toolNames.some((name) =>
    new RegExp(`(?<![A-Za-z0-9])${name}(?![A-Za-z0-9_-])`).test(told),
  );
}

/** The line of a command; null if none is given. */
function commandLineIn(input: unknown): string | null {
  if (!isShellInput(input)) return null;
  const command: unknown = Object.entries(input).find(
    ([key]) => key === 'command' || key === 'cmd',
  )?.[1];
  if (typeof command === 'string') return command;
  if (!Array.isArray(command)) return null;
  const words = command.map(String);
  const [program = '', flag = '', script] = words;
  const isShell = /(?:^|\/)(?:ba|da|z)?sh$/.test(program);
  if (isShell && words.length === 3 && /^-\w*c$/.test(flag) && script !== undefined) return script;
  return words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
}

/** A command line may mention a tool without being one. */
function isShellInput(input: unknown): input is object {
  return typeof input === 'object' && input !== null && ('command' in input || 'cmd' in input);
}

function withoutEmpty(call: ToolCallUpdate): Partial<ToolCallUpdate> {
  return Object.fromEntries(
    Object.entries(call).filter(([, value]) => value !== null && value !== undefined),
  );
}

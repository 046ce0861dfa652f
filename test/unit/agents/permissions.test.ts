import type {
  RequestPermissionRequest,
  ToolCallUpdate,
  ToolKind,
} from '@agentclientprotocol/sdk/unstable';
import { describe, expect, it } from 'vitest';
import type { FileAccess } from '#src/agents/agent.ts';
import { answerPermission } from '#src/agents/session/permissions.ts';

const OPTIONS: RequestPermissionRequest['options'] = [
  { optionId: 'always', name: 'Always', kind: 'allow_always' },
  { optionId: 'once', name: 'Once', kind: 'allow_once' },
  { optionId: 'no', name: 'No', kind: 'reject_once' },
];

interface Asked {
  access?: FileAccess;
  call?: Partial<ToolCallUpdate>;
  known?: Partial<ToolCallUpdate>;
  options?: RequestPermissionRequest['options'];
  approveAll?: boolean;
  mayRun?: (line: string) => boolean;
}

function ask({
  access = 'readonly',
  call = {},
  known = {},
  options = OPTIONS,
  approveAll = false,
  mayRun,
}: Asked) {
  const toolCall = { toolCallId: 'call-1', ...call };
  const rules = { access, approveAll, mayRun, toolNames: ['submit_result', 'get_output'] };
  const { outcome } = answerPermission({ sessionId: 's', toolCall, options }, known, rules);
  return outcome.outcome === 'selected' ? outcome.optionId : outcome.outcome;
}

describe('answerPermission', () => {
  it.each<{ kind: ToolKind | null; readonly: string; execute: string; edit: string; full: string }>(
    [
      { kind: 'read', readonly: 'once', execute: 'once', edit: 'once', full: 'once' },
      { kind: 'search', readonly: 'once', execute: 'once', edit: 'once', full: 'once' },
      { kind: 'think', readonly: 'once', execute: 'once', edit: 'once', full: 'once' },
      { kind: 'fetch', readonly: 'once', execute: 'once', edit: 'once', full: 'once' },
      { kind: 'edit', readonly: 'no', execute: 'no', edit: 'once', full: 'once' },
      { kind: 'delete', readonly: 'no', execute: 'no', edit: 'once', full: 'once' },
      { kind: 'move', readonly: 'no', execute: 'no', edit: 'once', full: 'once' },
      { kind: 'execute', readonly: 'no', execute: 'once', edit: 'no', full: 'once' },
      { kind: 'switch_mode', readonly: 'no', execute: 'no', edit: 'no', full: 'once' },
      { kind: 'other', readonly: 'no', execute: 'no', edit: 'no', full: 'once' },
      { kind: null, readonly: 'no', execute: 'no', edit: 'no', full: 'once' },
    ],
  )('answers for $kind by the access of the step', ({ kind, ...expected }) => {
    const call = kind === null ? {} : { kind };

    const answers = (['readonly', 'execute', 'edit', 'full'] as const).map((access) =>
      ask({ access, call }),
    );

    expect(answers).toEqual([expected.readonly, expected.execute, expected.edit, expected.full]);
  });

  it.each<Partial<ToolCallUpdate>>([
    { title: 'mcp__engine__submit_result', kind: 'other' },
    { title: 'submit_result (engine MCP Server)', kind: 'other' },
    { title: 'engine.get_output', kind: 'execute' },
    { title: 'engine-submit_result', kind: 'other' },
    { title: 'mcp_engine_submit_result' },
    { kind: 'execute', rawInput: { server: 'engine', tool: 'submit_result', arguments: {} } },
  ])("always allows the engine's own tools: %j", (call) => {
    expect(ask({ call })).toBe('once');
  });

  it('knows a tool by what the agent told before, when the request is empty', () => {
    expect(ask({ call: { title: null }, known: { title: 'mcp.engine.submit_result' } })).toBe(
      'once',
    );
  });

  it.each<Partial<ToolCallUpdate>>([
    {
      title: 'echo submit_result > file',
      kind: 'execute',
      rawInput: { command: 'echo submit_result' },
    },
    { title: 'run', kind: 'execute', rawInput: { cmd: ['submit_result'] } },
    { title: 'Write submit_result', kind: 'edit' },
    { title: 'submit_result_notes', kind: 'other' },
  ])('is not fooled by the name of a tool in something else: %j', (call) => {
    expect(ask({ call })).toBe('no');
  });

  it('allows everything where the catalog says so', () => {
    expect(ask({ call: { kind: 'execute' }, approveAll: true })).toBe('once');
  });

  it('cancels when there is no option for its answer', () => {
    expect(ask({ call: { kind: 'edit' }, options: OPTIONS.slice(0, 2) })).toBe('cancelled');
  });
});

describe('answerPermission, where a step has lists of commands', () => {
  const mayRun = (line: string) => line === 'npm test';
  const asked = (call: Partial<ToolCallUpdate>, more: Asked = {}) =>
    ask({ access: 'full', approveAll: true, mayRun, call, ...more });

  it.each<Partial<ToolCallUpdate>>([
    { kind: 'execute', rawInput: { command: 'npm test' } },
    { kind: 'other', rawInput: { cmd: 'npm test' } },
    { kind: 'execute', rawInput: { command: ['bash', '-lc', 'npm test'] } },
    { kind: 'edit', rawInput: { path: 'a.ts' } },
    { title: 'mcp__engine__submit_result', kind: 'other' },
  ])('allows %j', (call) => {
    expect(asked(call)).toBe('once');
  });

  it.each<Partial<ToolCallUpdate>>([
    { kind: 'execute', rawInput: { command: 'rm -rf .' } },
    { kind: 'read', rawInput: { command: 'rm -rf .' } },
    { kind: 'execute', rawInput: { command: ['npm', 'test'] } },
    { kind: 'execute', title: 'npm test' },
    { kind: 'switch_mode' },
    { title: 'something' },
  ])('refuses %j, even where the catalog approves all', (call) => {
    expect(asked(call)).toBe('no');
  });

  it('allows nothing for ever', () => {
    const call = { kind: 'execute' as const, rawInput: { command: 'npm test' } };

    expect(asked(call, { options: OPTIONS.filter(({ optionId }) => optionId !== 'once') })).toBe(
      'cancelled',
    );
  });
});

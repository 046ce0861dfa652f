import {
  type McpServer,
  methods,
  type NewSessionRequest,
  type SessionConfigOption,
  type SessionModeState,
} from '@agentclientprotocol/sdk/unstable';
import type { AgentFailure, AgentRequest } from '../agent.ts';
import { isInvalidValue } from '../agent-error.ts';
import type { Setting } from '../catalog/catalog-schema.ts';
import type { AgentProcess } from '../launch/agent-process.ts';
import type { LaunchSpec } from '../launch/launch-spec.ts';
import { TOOL_SERVER, type ToolServer } from './tool-server.ts';

export interface OpenSession {
  id: string;
  hasSystemPrompt: boolean;
  hasTools: boolean;
}

/** A setting the agent refused, or a session that no longer exists. */
export class SessionFailure extends Error {
  readonly failure: AgentFailure;

  constructor(failure: AgentFailure) {
    super(failure.message);
    this.name = 'SessionFailure';
    this.failure = failure;
  }
}

interface SessionState {
  id: string;
  modes: SessionModeState | null | undefined;
  configOptions: readonly SessionConfigOption[] | null | undefined;
}

const SESSION_TIMEOUT_MS = 60_000;
const SETTING_TIMEOUT_MS = 20_000;

/** Opens a step's session, new or continued, with its mode, model and effort set. */
export async function openSession(
  agent: AgentProcess,
  spec: LaunchSpec,
  request: AgentRequest,
  toolServer: ToolServer,
): Promise<OpenSession> {
  const { about } = agent;
  const { capabilities, permission } = spec.entry;
  const hasTools = capabilities.mcp === 'http' && toolServer.tools.length > 0;
  const hasSystemPrompt =
    request.systemPrompt !== undefined &&
    capabilities.system_prompt === 'append' &&
    (about.agentCapabilities?.sessionCapabilities?.systemPrompt ?? undefined) !== undefined;
  const meta = permission[spec.access].meta;
  const params: NewSessionRequest = {
    cwd: spec.cwd,
    mcpServers: hasTools ? [describeToolServer(agent, toolServer)] : [],
    ...(hasSystemPrompt && { systemPrompt: appended(request.systemPrompt ?? '') }),
    ...(meta !== undefined && { _meta: meta }),
  };
  const session = await enterSession(agent, params, request.resume?.sessionId);
  await setMode(agent, session, permission[spec.access].mode);
  await applySetting(agent, session, spec.entry.model, spec.model);
  await applySetting(agent, session, spec.entry.effort, spec.effort);
  return { id: session.id, hasSystemPrompt, hasTools };
}

async function enterSession(
  agent: AgentProcess,
  params: NewSessionRequest,
  sessionId: string | undefined,
): Promise<SessionState> {
  const { client, spec } = agent;
  if (sessionId === undefined) {
    const made = await client.request(methods.agent.session.new, params, SESSION_TIMEOUT_MS);
    return { id: made.sessionId, modes: made.modes, configOptions: made.configOptions };
  }
  const how = spec.entry.capabilities.resume;
  if (how === 'none') throw sessionLost(`${spec.agent} cannot continue a session`);
  const method = methods.agent.session[how];
  try {
    const { modes, configOptions } = await client.request(
      method,
      { ...params, sessionId },
      SESSION_TIMEOUT_MS,
    );
    return { id: sessionId, modes, configOptions };
  } catch (error) {
    if (agent.hasExited()) throw error;
    throw sessionLost(error instanceof Error ? error.message : String(error));
  }
}

async function setMode(
  agent: AgentProcess,
  session: SessionState,
  modeId: string | undefined,
): Promise<void> {
  if (modeId === undefined || session.modes?.currentModeId === modeId) return;
  const params = { sessionId: session.id, modeId };
  await agent.client.request(methods.agent.session.setMode, params, SETTING_TIMEOUT_MS);
}

async function applySetting(
  agent: AgentProcess,
  session: SessionState,
  setting: Setting | undefined,
  value: string | undefined,
): Promise<void> {
  if (setting === undefined || value === undefined) return;
  try {
    if ('set_model' in setting) await agent.client.setModel(session.id, value, SETTING_TIMEOUT_MS);
    if ('config_option' in setting) await setOption(agent, session, setting.config_option, value);
  } catch (error) {
    if (!isInvalidValue(error)) throw error;
    const message = `${agent.spec.agent} does not know ${JSON.stringify(value)}`;
    throw new SessionFailure({ class: 'configuration', reason: 'unknown-model', message });
  }
}

async function setOption(
  agent: AgentProcess,
  session: SessionState,
  configId: string,
  value: string,
): Promise<void> {
  const option = session.configOptions?.find(({ id }) => id === configId);
  if (option?.currentValue === value) return;
  const params = { sessionId: session.id, configId, value };
  await agent.client.request(methods.agent.session.setConfigOption, params, SETTING_TIMEOUT_MS);
}

function describeToolServer(agent: AgentProcess, toolServer: ToolServer): McpServer {
  const headers = [{ name: 'Authorization', value: `Bearer ${toolServer.token}` }];
  return { type: 'http', name: TOOL_SERVER, url: `${agent.gatewayUrl}/mcp`, headers };
}

function appended(text: string): NonNullable<NewSessionRequest['systemPrompt']> {
  return { mode: 'append', content: [{ type: 'text', text }] };
}

function sessionLost(why: string): SessionFailure {
  const message = `The earlier session cannot be continued: ${why}`;
  return new SessionFailure({ class: 'execution', reason: 'session-lost', message });
}

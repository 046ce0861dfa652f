import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { McpServer } from '@agentclientprotocol/sdk/unstable';

export interface Session {
  id: string;
  cwd: string;
  mcpServers: readonly McpServer[];
  isResumed: boolean;
  model: string;
  /** Acts even when it was refused permission. */
  isStubborn: boolean;
  abort: AbortController;
  toolCalls: number;
  inputTokens: number;
  outputTokens: number;
  cost: number;
}

export interface SessionParams {
  cwd: string;
  mcpServers: readonly McpServer[];
  model: string;
  isStubborn: boolean;
}

/** A session is remembered in the agent's home, so that a later process can continue it. */
export function newSession(params: SessionParams): Session {
  const id = randomUUID();
  const folder = sessionFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, id), '');
  return openedSession(id, params, false);
}

export function findSession(id: string, params: SessionParams): Session | undefined {
  return existsSync(join(sessionFolder(), id)) ? openedSession(id, params, true) : undefined;
}

function openedSession(id: string, params: SessionParams, isResumed: boolean): Session {
  const counts = { toolCalls: 0, inputTokens: 0, outputTokens: 0, cost: 0 };
  return { id, ...params, ...counts, isResumed, abort: new AbortController() };
}

function sessionFolder(): string {
  return join(process.env['HOME'] ?? '/tmp', '.scripted-sessions');
}

import { RequestError } from '@agentclientprotocol/sdk/unstable';
import type { ProcessExit } from '../workspace/subprocess.ts';
import type { AgentFailure } from './agent.ts';
import { AcpTimeoutError } from './session/acp-client.ts';

const AUTH_REQUIRED = -32_000;
const INVALID_PARAMS = -32_602;
const MAX_MESSAGE = 500;

/** Translates an error with which the agent answered a request. */
export function failureOfError(error: unknown): AgentFailure {
  if (error instanceof AcpTimeoutError) {
    return { class: 'execution', reason: 'protocol', message: error.message };
  }
  const text = error instanceof Error ? error.message : String(error);
  const message = `The agent answered with an error: ${text}`.slice(0, MAX_MESSAGE);
  if (!(error instanceof RequestError))
    return { class: 'execution', reason: 'agent-error', message };
  if (error.code === AUTH_REQUIRED) return { class: 'configuration', reason: 'auth', message };
  if (errorKindOf(error.data) === 'rate_limit')
    return { class: 'transient', reason: 'rate-limit', message };
  return { class: 'execution', reason: 'agent-error', message };
}

/** Translates the end of an agent that nobody asked to end. */
export function failureOfExit(exit: ProcessExit, stderr: string): AgentFailure {
  const how = exit.signal === null ? `with exit code ${exit.exitCode}` : `by ${exit.signal}`;
  const said = stderr.trim().slice(-MAX_MESSAGE);
  const message = `The agent ended unexpectedly ${how}${said === '' ? '' : `: ${said}`}`;
  return { class: 'execution', reason: 'crashed', message };
}

/** Reads the failure that some agents put beside an otherwise normal end of a turn. */
export function sessionFailureIn(response: unknown): AgentFailure | undefined {
  const failure = path(response, ['_meta', 'jetbrains', 'air', 'sessionFailure']);
  if (failure === undefined) return undefined;
  const title = path(failure, ['title']);
  const message = `The agent reported: ${typeof title === 'string' ? title : 'a failure'}`.slice(
    0,
    MAX_MESSAGE,
  );
  switch (path(failure, ['category'])) {
    case 'limit':
      return { class: 'transient', reason: 'rate-limit', message };
    case 'service':
      return { class: 'transient', reason: 'server', message };
    case 'auth':
      return { class: 'configuration', reason: 'auth', message };
    default:
      return { class: 'execution', reason: 'agent-error', message };
  }
}

/** True if the agent's answer says that it does not know a value it was given. */
export function isInvalidValue(error: unknown): boolean {
  return error instanceof RequestError && error.code === INVALID_PARAMS;
}

function errorKindOf(data: unknown): unknown {
  return path(data, ['errorKind']);
}

function path(value: unknown, keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key))
      return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}

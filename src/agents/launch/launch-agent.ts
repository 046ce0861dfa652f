import { setTimeout as sleep } from 'node:timers/promises';
import { PROTOCOL_VERSION } from '@agentclientprotocol/sdk/unstable';
import { type ProgramCall, spawnProcess } from '../../workspace/subprocess.ts';
import type { AgentFailure } from '../agent.ts';
import { type Gateway, openGateway } from '../gateway/gateway-server.ts';
import type { LlmUpstream } from '../gateway/llm-gateway.ts';
import { type AgentHome, writeHomeFiles } from './agent-home.ts';
import {
  type AgentProcess,
  EXIT_NOTICE_MS,
  type StartedAgent,
  superviseAgent,
} from './agent-process.ts';
import { findProgram, installationOf } from './find-program.ts';
import {
  argumentsFor,
  environmentFor,
  fillIn,
  type LaunchPlaces,
  type LaunchSpec,
  searchPath,
} from './launch-spec.ts';
import { confine, NODE_PATHS, SANDBOX_HOME, SANDBOX_PORT, type Sandbox } from './sandbox.ts';

export interface LaunchPlace {
  home: AgentHome;
  /** False if an agent has run in this home before. */
  isFresh: boolean;
  sandbox: Sandbox | undefined;
  systemPath: string;
  signal: AbortSignal;
}

const INITIALIZE_TIMEOUT_MS = 90_000;

/** Starts an agent in its own home, with its own gateway. Expected failures are returned, not thrown. */
export async function launchAgent(
  spec: LaunchSpec,
  place: LaunchPlace,
): Promise<AgentProcess | AgentFailure> {
  if (spec.access === 'execute' && place.sandbox === undefined) return unconfined();
  const program = await findProgram(spec.entry.command, place.systemPath);
  if (program === undefined) {
    return spawnFailure(
      `The program ${spec.entry.command} of the agent ${spec.agent} is not installed`,
    );
  }
  const { home, sandbox } = place;
  const gateway = await openGateway({
    ...(sandbox !== undefined && { socketPath: home.socketPath }),
    ...(spec.entry.llm !== undefined && { llm: upstreamOf(spec, spec.entry.llm.upstream, home) }),
    network: spec.network,
  });
  const places = placesFor(place, gateway, program);
  try {
    // In a sandbox none of the files ever change, and an agent may have put links in their place.
    if (place.isFresh || sandbox === undefined) await writeFiles(spec, home, places);
    const child = spawnProcess(await commandFor(spec, place, places, program));
    const isConfined = sandbox !== undefined;
    const agent = superviseAgent({
      spec,
      home,
      gateway,
      gatewayUrl: places.gateway,
      child,
      isConfined,
    });
    return await introduce(agent, place.signal);
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

async function introduce(
  agent: StartedAgent,
  signal: AbortSignal,
): Promise<AgentProcess | AgentFailure> {
  const onAbort = (): void => void agent.kill();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) onAbort();
    const about = await agent.client.initialize(INITIALIZE_TIMEOUT_MS);
    if (about.protocolVersion === PROTOCOL_VERSION) return { ...agent, about };
    await agent.kill();
    const message = `The agent speaks version ${about.protocolVersion} of the protocol`;
    return { class: 'configuration', reason: 'protocol', message };
  } catch (error) {
    const exit = await Promise.race([agent.exited, sleep(EXIT_NOTICE_MS, undefined)]);
    await agent.kill();
    if (exit === undefined) {
      const message = error instanceof Error ? error.message : String(error);
      return { class: 'execution', reason: 'protocol', message };
    }
    const why = exit.error?.message ?? agent.stderr();
    return spawnFailure(`The agent ${agent.spec.agent} ended before it was ready: ${why}`);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function writeFiles(spec: LaunchSpec, home: AgentHome, places: LaunchPlaces): Promise<void> {
  const files = Object.entries(spec.entry.files).map(([name, text]) => [
    name,
    fillIn(text, places),
  ]);
  await writeHomeFiles(home, Object.fromEntries(files));
}

async function commandFor(
  spec: LaunchSpec,
  place: LaunchPlace,
  places: LaunchPlaces,
  program: string,
): Promise<ProgramCall> {
  const { home, sandbox } = place;
  const command: ProgramCall = {
    command: program,
    args: argumentsFor(spec, places),
    cwd: spec.cwd,
    env: environmentFor(spec, places, sandbox !== undefined && spec.network),
  };
  if (sandbox === undefined) return command;
  const installed = await installationOf(program);
  return confine(sandbox, command, {
    access: spec.access,
    cwd: spec.cwd,
    home: home.path,
    etc: home.etc,
    socketPath: home.socketPath,
    readonlyPaths: [...NODE_PATHS, ...installed, ...spec.entry.paths, ...spec.readonlyPaths],
    writablePaths: spec.entry.writable_paths,
  });
}

function placesFor(place: LaunchPlace, gateway: Gateway, program: string): LaunchPlaces {
  const { home, sandbox } = place;
  const port = sandbox === undefined ? gateway.port : SANDBOX_PORT;
  return {
    home: sandbox === undefined ? home.path : SANDBOX_HOME,
    tmp: sandbox === undefined ? home.tmp : '/tmp',
    gateway: `http://127.0.0.1:${port}`,
    placeholder: home.placeholder,
    path: searchPath(place.systemPath, program),
  };
}

function upstreamOf(spec: LaunchSpec, upstream: string, { placeholder }: AgentHome): LlmUpstream {
  const serverTools = spec.entry.permission[spec.access].server_tools;
  const { key } = spec;
  return { upstream, placeholder, serverTools, ...(key !== undefined && { key }) };
}

/** Commands can write anywhere: that they write nothing is only true if the sandbox ensures it. */
function unconfined(): AgentFailure {
  const message =
    'A step with `access: execute` runs commands and may change nothing, which only a sandbox enforces; there is none here.';
  return { class: 'configuration', reason: 'no-sandbox', message };
}

function spawnFailure(message: string): AgentFailure {
  return { class: 'configuration', reason: 'spawn', message };
}

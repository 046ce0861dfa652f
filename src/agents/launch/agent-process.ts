import { setTimeout as sleep } from 'node:timers/promises';
import type { InitializeResponse } from '@agentclientprotocol/sdk/unstable';
import type { LongLivedProcess, ProcessExit } from '../../workspace/subprocess.ts';
import type { Gateway } from '../gateway/gateway-server.ts';
import { AcpClient } from '../session/acp-client.ts';
import type { AgentHome } from './agent-home.ts';
import type { LaunchSpec } from './launch-spec.ts';
import { insideEnded, insideOf, killInside } from './sandbox.ts';

/** A running agent that has answered `initialize` and is waiting for a session. */
export interface AgentProcess extends StartedAgent {
  readonly about: InitializeResponse;
}

/** An agent whose program was started; nothing is known yet about how it is doing. */
export interface StartedAgent {
  readonly spec: LaunchSpec;
  readonly home: AgentHome;
  readonly client: AcpClient;
  readonly gateway: Gateway;
  /** The gateway's address as the agent sees it. */
  readonly gatewayUrl: string;
  readonly exited: Promise<ProcessExit>;
  /** True from the moment the program has ended. */
  hasExited(): boolean;
  /** The end of what it wrote to its error output. */
  stderr(): string;
  /** Closes its input and waits as long as the entry allows, then kills it. */
  end(): Promise<void>;
  /** Resolves when it and, in a sandbox, everything it started is gone. */
  kill(): Promise<void>;
}

export interface AgentParts extends Pick<StartedAgent, 'spec' | 'home' | 'gateway' | 'gatewayUrl'> {
  child: LongLivedProcess;
  isConfined: boolean;
}

/** How long it may take to notice that a process has ended. */
export const EXIT_NOTICE_MS = 500;
const MAX_STDERR = 4_000;

/** Takes charge of a started program: its protocol connection, its error output and its end. */
export function superviseAgent(parts: AgentParts): StartedAgent {
  const { spec, home, gateway, gatewayUrl, child } = parts;
  let stderr = '';
  let hasExited = false;
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-MAX_STDERR);
  });
  const exited = child.exited.then((exit) => {
    hasExited = true;
    return exit;
  });
  const sessionFailure = spec.entry.capabilities.session_failure;
  const client = new AcpClient(child.stdin, child.stdout, { sessionFailure });
  const finish = async (inside: readonly number[]): Promise<void> => {
    await child.stop(0);
    await insideEnded(inside);
    client.close();
    await gateway.close();
  };
  const findInside = async (): Promise<number[]> =>
    parts.isConfined && child.pid !== undefined && !hasExited ? insideOf(child.pid) : [];
  const kill = once(async () => {
    const inside = await findInside();
    killInside(inside);
    // Bubblewrap must see the end itself, or it would leave a zombie to this machine's init.
    if (inside.length > 0) await Promise.race([exited, pause(EXIT_NOTICE_MS)]);
    await finish(inside);
  });
  const end = once(async () => {
    const inside = await findInside();
    client.close();
    child.stdin.end();
    await Promise.race([exited, pause(spec.entry.capabilities.exit_grace_ms)]);
    if (hasExited) await finish(inside);
    else await kill();
  });
  return {
    spec,
    home,
    client,
    gateway,
    gatewayUrl,
    exited,
    hasExited: () => hasExited,
    stderr: () => stderr,
    end,
    kill,
  };
}

function pause(ms: number): Promise<void> {
  return sleep(ms, undefined, { ref: false });
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= action());
}

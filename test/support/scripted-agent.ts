/**
 * An agent that plays a scenario: a program of its own that speaks the Agent Client Protocol over standard
 * input and output. Usage: scripted-agent.ts [scenario.yaml|scenario.json]
 *
 * SCRIPTED_STATE     a folder for the counters of `times`, shared by all processes
 * SCRIPTED_STUBBORN  acts even when it was refused permission
 * LLM_BASE_URL, LLM_API_KEY  where the step `llm` calls a model
 */
import { Readable, Writable } from 'node:stream';
import {
  type AgentContext,
  agent,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  RequestError,
  type SessionConfigOption,
  type StopReason,
} from '@agentclientprotocol/sdk/unstable';
import { Counters } from './scripted/counters.ts';
import { playStep, type Stage } from './scripted/play-step.ts';
import { fillStep, readScenario, type ScriptEntry } from './scripted/scenario.ts';
import { findSession, newSession, type Session, type SessionParams } from './scripted/session.ts';

const scenario = await readScenario(process.argv[2]);
const counters = new Counters(process.env['SCRIPTED_STATE']);
const models = scenario.models ?? ['scripted'];
const sessions = new Map<string, Session>();

const app = agent({ name: 'scripted-agent' })
  .onRequest(methods.agent.initialize, () => ({
    protocolVersion: PROTOCOL_VERSION,
    agentInfo: { name: 'scripted-agent', version: '1.0.0' },
    agentCapabilities: {
      mcpCapabilities: { http: true },
      sessionCapabilities: { resume: {}, close: {} },
    },
  }))
  .onRequest(methods.agent.session.new, ({ params }) => {
    const session = remember(newSession(sessionParams(params.cwd, params.mcpServers)));
    return { sessionId: session.id, configOptions: configOptions(session) };
  })
  .onRequest(methods.agent.session.resume, ({ params }) => {
    const found = findSession(params.sessionId, sessionParams(params.cwd, params.mcpServers ?? []));
    if (found === undefined) throw RequestError.sessionNotFound(params.sessionId);
    return { configOptions: configOptions(remember(found)) };
  })
  .onRequest(methods.agent.session.close, ({ params }) => {
    sessions.delete(params.sessionId);
  })
  .onRequest(methods.agent.session.setConfigOption, ({ params }) => {
    const session = sessionOf(params.sessionId);
    const value = String(params.value);
    if (scenario.models !== undefined && !models.includes(value)) {
      throw RequestError.invalidParams({ value });
    }
    session.model = value;
    return { configOptions: configOptions(session) };
  })
  .onNotification(methods.agent.session.cancel, ({ params }) => {
    sessions.get(params.sessionId)?.abort.abort();
  })
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    const session = sessionOf(params.sessionId);
    session.abort = new AbortController();
    const prompt = params.prompt
      .map((block) => (block.type === 'text' ? block.text : ''))
      .join('\n');
    const stopReason = await play(prompt, session, client);
    return { stopReason, ...usageOf(session) };
  });

await app.connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)))
  .closed;
process.exit(0);

async function play(prompt: string, session: Session, client: AgentContext): Promise<StopReason> {
  const found = findEntry(prompt, session);
  if (found === undefined) {
    throw RequestError.internalError(
      undefined,
      `the scenario has no entry for: ${prompt.slice(0, 200)}`,
    );
  }
  const values: Record<string, string> = {
    ...found.values,
    session: session.isResumed ? 'resumed' : 'new',
  };
  const stage: Stage = { session, client, values };
  for (const raw of found.entry.steps) {
    if (session.abort.signal.aborted) return 'cancelled';
    const step = fillStep(raw, values);
    await playStep(step, stage);
    if (step.stop !== undefined) return step.stop as StopReason;
  }
  return session.abort.signal.aborted ? 'cancelled' : 'end_turn';
}

function findEntry(
  prompt: string,
  session: Session,
): { entry: ScriptEntry; values: Record<string, string> } | undefined {
  for (const [index, entry] of scenario.prompts.entries()) {
    const match = new RegExp(entry.match ?? '', 's').exec(prompt);
    if (match === null || (entry.model !== undefined && entry.model !== session.model)) continue;
    if (entry.times !== undefined && !counters.take(index, entry.times)) continue;
    const groups = match.map((text, group): [string, string] => [String(group), text ?? '']);
    return { entry, values: { ...Object.fromEntries(groups), ...match.groups } };
  }
  return undefined;
}

function sessionParams(cwd: string, mcpServers: SessionParams['mcpServers']): SessionParams {
  const isStubborn = process.env['SCRIPTED_STUBBORN'] !== undefined;
  return { cwd, mcpServers, isStubborn, model: models[0] ?? 'scripted' };
}

function remember(session: Session): Session {
  sessions.set(session.id, session);
  return session;
}

function sessionOf(id: string): Session {
  const session = sessions.get(id);
  if (session === undefined) throw RequestError.sessionNotFound(id);
  return session;
}

function usageOf({ inputTokens, outputTokens }: Session) {
  const totalTokens = inputTokens + outputTokens;
  return totalTokens === 0 ? {} : { usage: { inputTokens, outputTokens, totalTokens } };
}

function configOptions(session: Session): SessionConfigOption[] {
  const options = models.map((value) => ({ value, name: value }));
  return [
    {
      type: 'select',
      id: 'model',
      name: 'Model',
      category: 'model',
      currentValue: session.model,
      options,
    },
  ];
}

import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AgentContext,
  methods,
  RequestError,
  type RequestPermissionRequest,
  type ToolKind,
} from '@agentclientprotocol/sdk/unstable';
import { sampleOf } from './sample.ts';
import type { ScriptStep } from './scenario.ts';
import type { Session } from './session.ts';
import { ToolClient } from './tool-client.ts';

export interface Stage {
  session: Session;
  client: AgentContext;
  /** Later steps see what this one leaves here. */
  values: Record<string, string>;
}

/** Plays one step of a scenario the way a real agent would do it. */
export async function playStep(step: ScriptStep, stage: Stage): Promise<void> {
  await speak(step, stage);
  await touchFiles(step, stage);
  await useTools(step, stage);
  if (step.until !== undefined) await awaitFile(step.until, stage);
  await misbehave(step, stage);
}

async function speak(step: ScriptStep, { session, client }: Stage): Promise<void> {
  const say = (kind: 'agent_message_chunk' | 'agent_thought_chunk', text: string) =>
    client.notify(methods.client.session.update, {
      sessionId: session.id,
      update: { sessionUpdate: kind, content: { type: 'text', text } },
    });
  if (step.thought !== undefined) await say('agent_thought_chunk', step.thought);
  for (const text of [step.text ?? []].flat()) await say('agent_message_chunk', text);
  if (step.json !== undefined) {
    await say('agent_message_chunk', `\n\`\`\`json\n${JSON.stringify(step.json)}\n\`\`\`\n`);
  }
  if (step.plan !== undefined) {
    const entries = step.plan.map((content) => ({
      content,
      priority: 'medium' as const,
      status: 'pending' as const,
    }));
    const update = { sessionUpdate: 'plan' as const, entries };
    await client.notify(methods.client.session.update, { sessionId: session.id, update });
  }
  if (step.usage !== undefined) await tellUsage(step.usage, session, client);
}

async function awaitFile(
  { file, saying }: NonNullable<ScriptStep['until']>,
  stage: Stage,
): Promise<void> {
  const path = resolve(process.env['SCRIPTED_STATE'] ?? '.', file);
  while (!existsSync(path) && !stage.session.abort.signal.aborted) {
    if (saying !== undefined) await speak({ text: saying }, stage);
    await sleep(100);
  }
}

async function tellUsage(
  usage: NonNullable<ScriptStep['usage']>,
  session: Session,
  client: AgentContext,
): Promise<void> {
  const { input = 0, output = 0, cost } = usage;
  session.inputTokens += input;
  session.outputTokens += output;
  session.cost += cost ?? 0;
  const used = session.inputTokens + session.outputTokens;
  const price = cost === undefined ? {} : { cost: { amount: session.cost, currency: 'USD' } };
  const update = { sessionUpdate: 'usage_update' as const, used, size: 200_000, ...price };
  await client.notify(methods.client.session.update, { sessionId: session.id, update });
}

async function touchFiles(step: ScriptStep, stage: Stage): Promise<void> {
  const at = (path: string) => resolve(stage.session.cwd, path);
  const { write, append, edit } = step;
  if (write !== undefined) {
    await useTool(stage, `Write ${write.path}`, 'edit', { path: at(write.path) }, () => {
      mkdirSync(dirname(at(write.path)), { recursive: true });
      writeFileSync(at(write.path), write.content);
    });
  }
  if (append !== undefined) {
    await useTool(stage, `Append to ${append.path}`, 'edit', { path: at(append.path) }, () => {
      appendFileSync(at(append.path), append.content);
    });
  }
  if (edit !== undefined) {
    await useTool(stage, `Edit ${edit.path}`, 'edit', { path: at(edit.path) }, () => {
      const before = readFileSync(at(edit.path), 'utf8');
      if (!before.includes(edit.find)) throw new Error(`${edit.path} does not contain the text`);
      writeFileSync(
        at(edit.path),
        before.replace(edit.find, () => edit.replace),
      );
    });
  }
  if (step.delete !== undefined) {
    const path = step.delete;
    await useTool(stage, `Delete ${path}`, 'delete', { path: at(path) }, () => rmSync(at(path)));
  }
}

async function useTools(step: ScriptStep, stage: Stage): Promise<void> {
  const { session, values } = stage;
  const { shell, tool, result, llm } = step;
  if (shell !== undefined) {
    await useTool(stage, shell, 'execute', { command: shell }, async () => {
      values['last'] = await runShell(shell, session);
    });
  }
  if (tool !== undefined) await callTool(stage, tool.name, tool.args ?? {});
  if (result !== undefined) {
    const value = result === 'auto' ? await sampleResult(session) : result;
    if (value !== undefined) await callTool(stage, 'submit_result', value);
  }
  if (llm !== undefined) await callModel(llm, stage);
}

async function misbehave(step: ScriptStep, { session }: Stage): Promise<void> {
  if (step.delay !== undefined) {
    await sleep(step.delay, undefined, { signal: session.abort.signal }).catch(() => undefined);
  }
  if (step.stderr !== undefined) process.stderr.write(`${step.stderr}\n`);
  if (step.garbage !== undefined) process.stdout.write(`${step.garbage}\n`);
  if (step.hang === true) await new Promise(() => setInterval(() => undefined, 60_000));
  if (step.exit !== undefined) process.exit(step.exit);
  if (step.crash === true) process.kill(process.pid, 'SIGKILL');
  if (step.error !== undefined) {
    const { code = -32_603, message = 'scripted failure', data } = step.error;
    throw new RequestError(code, message, data);
  }
}

/** Announces a tool call, asks for permission, acts, and tells how it went. */
async function useTool(
  stage: Stage,
  title: string,
  kind: ToolKind,
  rawInput: unknown,
  act: () => unknown,
): Promise<void> {
  const { session, client } = stage;
  const toolCallId = `call-${++session.toolCalls}`;
  const tell = (status: 'completed' | 'failed') =>
    client.notify(methods.client.session.update, {
      sessionId: session.id,
      update: { sessionUpdate: 'tool_call_update', toolCallId, status },
    });
  const call = { toolCallId, title, kind, rawInput };
  await client.notify(methods.client.session.update, {
    sessionId: session.id,
    update: { sessionUpdate: 'tool_call', ...call, status: 'pending' },
  });
  const ask: RequestPermissionRequest = {
    sessionId: session.id,
    toolCall: call,
    options: [
      { optionId: 'yes', name: 'Allow', kind: 'allow_once' },
      { optionId: 'no', name: 'Reject', kind: 'reject_once' },
    ],
  };
  const { outcome } = await client.request(methods.client.session.requestPermission, ask);
  // A stubborn agent acts without asking; only the sandbox can stop that one.
  const isRefused = outcome.outcome !== 'selected' || outcome.optionId !== 'yes';
  if (isRefused && !session.isStubborn) return tell('failed');
  try {
    await act();
    await tell('completed');
  } catch (error) {
    stage.values['last'] = error instanceof Error ? error.message : String(error);
    await tell('failed');
  }
}

async function callTool(stage: Stage, name: string, args: unknown): Promise<void> {
  await useTool(stage, `mcp__engine__${name}`, 'other', args, async () => {
    const answer = await new ToolClient(stage.session.mcpServers).call(name, args);
    stage.values['last'] = answer.text;
    if (answer.isError) throw new Error(answer.text);
  });
}

async function sampleResult(session: Session): Promise<unknown> {
  if (session.mcpServers.length === 0) return undefined;
  const schema = await new ToolClient(session.mcpServers).schemaOf('submit_result');
  return typeof schema === 'object' && schema !== null ? sampleOf(schema) : undefined;
}

async function callModel(
  llm: NonNullable<ScriptStep['llm']>,
  { session, values }: Stage,
): Promise<void> {
  const { LLM_BASE_URL, LLM_API_KEY } = process.env;
  if (LLM_BASE_URL === undefined) throw new Error('no model is configured for the scripted agent');
  const messages = [{ role: 'user', content: 'hello' }];
  const response = await fetch(`${LLM_BASE_URL}${llm.path ?? '/v1/messages'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': LLM_API_KEY ?? '' },
    body: JSON.stringify(llm.body ?? { model: session.model, messages, max_tokens: 100 }),
    signal: session.abort.signal,
  });
  values['last'] = await response.text();
  values['status'] = String(response.status);
  if (llm.throw === true && !response.ok) {
    throw RequestError.internalError(undefined, `the model answered ${response.status}`);
  }
}

function runShell(command: string, session: Session): Promise<string> {
  return new Promise((done) => {
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: session.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    session.abort.signal.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
    child.once('close', () => done(output));
  });
}

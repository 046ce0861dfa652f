import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PromptResponse, SessionUpdate } from '@agentclientprotocol/sdk/unstable';
import { RequestError } from '@agentclientprotocol/sdk/unstable';
import type { AgentOutcome, AgentProgress, AgentRequest, AgentTool } from '../agent.ts';
import { failureOfError, failureOfExit, sessionFailureIn } from '../agent-error.ts';
import { LlmLedger } from '../gateway/llm-ledger.ts';
import { type AgentProcess, EXIT_NOTICE_MS } from '../launch/agent-process.ts';
import type { LaunchSpec } from '../launch/launch-spec.ts';
import { openSession, SessionFailure } from './open-session.ts';
import { decideOutcome, type Evidence } from './outcome.ts';
import { answerPermission } from './permissions.ts';
import { promptBlocks, reminderBlocks } from './prompt-blocks.ts';
import type { ResultTool } from './result-tool.ts';
import type { StepControl } from './step-control.ts';
import { usageOf } from './step-usage.ts';
import { Transcript } from './transcript.ts';

export interface AgentStep {
  /** Of this step: the process may have been started for an earlier one with another model. */
  spec: LaunchSpec;
  request: AgentRequest;
  control: StepControl;
  /** Further tools of the engine, already checked. */
  tools: readonly AgentTool[];
  resultTool: ResultTool | undefined;
}

/** How long an agent that was asked to stop may take before it is killed. */
const CANCEL_GRACE_MS = 2_000;

/** Runs one step on an agent that has nothing else to do. The caller owns the process, before and after. */
export async function runStep(agent: AgentProcess, step: AgentStep): Promise<AgentOutcome> {
  const conversation = new Conversation(agent, step);
  try {
    const end = await conversation.run();
    return decideOutcome(conversation.evidence(end));
  } finally {
    conversation.close();
  }
}

type StepEnd = Evidence['end'];

const STOPPED: StepEnd = { stopReason: 'cancelled', sessionFailure: undefined };

class Conversation {
  readonly #agent: AgentProcess;
  readonly #step: AgentStep;
  readonly #transcript: Transcript;
  readonly #ledger: LlmLedger;
  readonly #over = new AbortController();
  readonly #token = randomBytes(24).toString('hex');
  readonly #withheld = new Set<string>();
  #sessionId: string | undefined;
  #isPrompted = false;
  #usage: PromptResponse['usage'];

  constructor(agent: AgentProcess, step: AgentStep) {
    this.#agent = agent;
    this.#step = step;
    this.#transcript = new Transcript((progress) => this.#report(progress));
    this.#ledger = new LlmLedger({
      limits: step.request.limits,
      prices: step.spec.entry.prices,
      attempts: step.spec.entry.limits.llm_attempts,
      onStop: (failure) => step.control.end({ type: 'failed', failure }),
    });
    this.#openDoors();
  }

  async run(): Promise<StepEnd> {
    const { control } = this.#step;
    const talk = this.#talk().catch((error: unknown) => this.#endByError(error));
    const end = await Promise.race([talk, this.#agentGone(), control.ended.then(() => undefined)]);
    if (end !== undefined) return end;

    if (this.#sessionId !== undefined && !this.#agent.hasExited()) {
      await this.#agent.client.cancel(this.#sessionId);
      await Promise.race([talk, sleep(CANCEL_GRACE_MS, undefined, { ref: false })]);
    }
    return STOPPED;
  }

  evidence(end: StepEnd): Evidence {
    const { resultTool, control } = this.#step;
    const text = this.#transcript.text;
    return {
      end,
      text,
      cause: control.cause,
      llmFailure: this.#ledger.lastFailure(),
      tellsErrorsAsText: this.#step.spec.entry.capabilities.text_errors,
      result: resultTool && (resultTool.resultOf(text) ?? { problems: resultTool.problems }),
      usage: usageOf(this.#ledger, this.#usage ?? undefined, this.#transcript.costUsd),
      sessionId: this.#sessionId,
    };
  }

  /** From here on nothing of this step gets through, however late the agent sends it. */
  close(): void {
    this.#ledger.close();
    this.#over.abort();
    this.#agent.gateway.serve(undefined);
    this.#agent.client.listen(undefined);
  }

  #openDoors(): void {
    const { control } = this.#step;
    const signal = AbortSignal.any([control.signal, this.#over.signal]);
    this.#agent.gateway.serve({
      signal,
      ledger: this.#ledger,
      toolServer: { tools: this.#tools(), token: this.#token },
      onActivity: () => control.touch(),
      onCall: (status) => this.#report({ type: 'llm-call', status }),
      onWithheld: (tools) => this.#noteWithheld(tools.join(', ')),
    });
    this.#agent.client.listen({
      onUpdate: (sessionId, update) => this.#hear(sessionId, update),
      onPermission: (request) => {
        control.touch();
        return answerPermission(request, this.#transcript.toolCall(request.toolCall.toolCallId), {
          access: this.#step.spec.access,
          approveAll:
            this.#step.spec.entry.permission[this.#step.spec.access].auto_approve === 'all',
          mayRun: this.#step.request.mayRun,
          toolNames: this.#tools().map(({ name }) => name),
        });
      },
    });
  }

  async #talk(): Promise<StepEnd> {
    const { spec, request, resultTool } = this.#step;
    const toolServer = { tools: this.#tools(), token: this.#token };
    const session = await openSession(this.#agent, spec, request, toolServer);
    this.#sessionId = session.id;
    // What came before was the replay of an earlier session, or about settings.
    this.#isPrompted = true;
    let end = await this.#prompt(promptBlocks({ ...request, ...session }));
    const reminders = this.#step.spec.entry.capabilities.result_reminders;
    for (let count = 0; count < reminders && this.#lacksResult(end); count++) {
      end = await this.#prompt(reminderBlocks(resultTool?.problems, session.hasTools));
    }
    return end;
  }

  async #prompt(blocks: ReturnType<typeof promptBlocks>): Promise<StepEnd> {
    const response = await this.#agent.client.prompt(this.#sessionId ?? '', blocks);
    this.#usage = response.usage ?? this.#usage;
    return { stopReason: response.stopReason, sessionFailure: sessionFailureIn(response) };
  }

  #lacksResult(end: StepEnd): boolean {
    const { resultTool, control } = this.#step;
    if (resultTool === undefined || control.cause !== undefined) return false;
    const isFinished =
      'stopReason' in end && end.stopReason === 'end_turn' && end.sessionFailure === undefined;
    const isWell = isFinished && this.#ledger.lastFailure() === undefined;
    return isWell && resultTool.resultOf(this.#transcript.text) === undefined;
  }

  async #endByError(reason: unknown): Promise<StepEnd> {
    if (reason instanceof SessionFailure) return { failure: reason.failure };
    // An error in an answer came from a living agent; anything else may be a dying one's connection.
    if (reason instanceof RequestError) return { failure: failureOfError(reason) };
    const exit = await Promise.race([this.#agent.exited, sleep(EXIT_NOTICE_MS, undefined)]);
    if (exit === undefined) return { failure: failureOfError(reason) };
    return { failure: failureOfExit(exit, this.#agent.stderr()) };
  }

  /** A child that outlives the agent can hold its output open, so that the connection never ends. */
  async #agentGone(): Promise<StepEnd> {
    const exit = await this.#agent.exited;
    await sleep(EXIT_NOTICE_MS, undefined, { ref: false });
    return { failure: failureOfExit(exit, this.#agent.stderr()) };
  }

  #hear(sessionId: string, update: SessionUpdate): void {
    const { control, request } = this.#step;
    control.touch();
    if (!this.#isPrompted || sessionId !== this.#sessionId || this.#over.signal.aborted) return;
    this.#transcript.add(update);
    const cost = this.#transcript.costUsd;
    const limit = request.limits.maxCostUsd;
    if (cost === undefined || limit === undefined || cost < limit) return;
    const message = `The step cost ${cost.toFixed(4)} of the ${limit} US dollars it may cost`;
    control.end({ type: 'failed', failure: { class: 'budget', reason: 'max-cost', message } });
  }

  /** An agent offers its model the same tools with every call. */
  #noteWithheld(tools: string): void {
    if (this.#withheld.has(tools)) return;
    this.#withheld.add(tools);
    this.#report({ type: 'notice', text: `tools of the model's server were withheld: ${tools}` });
  }

  #report(progress: AgentProgress): void {
    this.#step.request.onProgress?.(progress);
  }

  #tools(): readonly AgentTool[] {
    const { tools, resultTool } = this.#step;
    return resultTool === undefined ? tools : [...tools, resultTool];
  }
}

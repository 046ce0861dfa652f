import type { AgentFailure, AgentOutcome, AgentUsage } from '../agent.ts';
import type { EndCause } from './step-control.ts';

/** Everything known about a step when it is over. */
export interface Evidence {
  /** Set if the engine ended the step. */
  cause: EndCause | undefined;
  /** The agent's own end: its stop reason, or how it failed. */
  end: { stopReason: string; sessionFailure: AgentFailure | undefined } | { failure: AgentFailure };
  /** How the latest model call failed, as seen by the gateway. */
  llmFailure: AgentFailure | undefined;
  text: string;
  /** The agent is known to report errors as an answer that begins with "Error:". */
  tellsErrorsAsText: boolean;
  /** Undefined if the step needs no result. */
  result: { value: unknown } | { problems: readonly string[] | undefined } | undefined;
  usage: AgentUsage;
  sessionId: string | undefined;
}

const STOP_REASONS: Readonly<Record<string, Pick<AgentFailure, 'reason' | 'message'>>> = {
  max_tokens: {
    reason: 'output-limit',
    message: "The agent's answer reached the model's length limit",
  },
  max_turn_requests: { reason: 'max-turns', message: 'The agent used all the turns it may take' },
  refusal: { reason: 'refused', message: 'The model refused the task' },
  cancelled: { reason: 'stopped', message: 'The agent stopped by itself before it was done' },
};

/** Decides the outcome of a step: by the engine's word first, then the gateway's, then the agent's. */
export function decideOutcome(evidence: Evidence): AgentOutcome {
  const { cause, text, usage, sessionId, result } = evidence;
  if (cause?.type === 'cancelled') return { status: 'cancelled', text, usage };

  const failure = cause?.failure ?? failureOf(evidence);
  if (failure !== undefined) return { status: 'failed', failure, text, usage };

  return {
    status: 'succeeded',
    text,
    usage,
    stopReason: 'end_turn',
    ...(result !== undefined && 'value' in result && { result: result.value }),
    ...(sessionId !== undefined && { sessionId }),
  };
}

function failureOf(evidence: Evidence): AgentFailure | undefined {
  const { end, llmFailure, result } = evidence;
  if (llmFailure !== undefined) return llmFailure;
  if ('failure' in end) return end.failure;
  if (end.sessionFailure !== undefined) return end.sessionFailure;
  if (end.stopReason !== 'end_turn') return failureOfStop(end.stopReason);
  if (evidence.tellsErrorsAsText && /^\s*Error:/.test(evidence.text)) {
    return {
      class: 'execution',
      reason: 'agent-error',
      message: evidence.text.trim().slice(0, 500),
    };
  }
  return result !== undefined && 'problems' in result
    ? failureOfResult(result.problems)
    : undefined;
}

function failureOfStop(stopReason: string): AgentFailure {
  const known = Object.hasOwn(STOP_REASONS, stopReason) ? STOP_REASONS[stopReason] : undefined;
  if (known !== undefined) return { class: 'execution', ...known };
  const message = `The agent stopped for an unknown reason: ${stopReason}`;
  return { class: 'execution', reason: 'stopped', message };
}

function failureOfResult(problems: readonly string[] | undefined): AgentFailure {
  if (problems === undefined) {
    const message = 'The agent finished without handing in a result';
    return { class: 'validation', reason: 'no-result', message };
  }
  const message = `The agent's result does not fit its schema: ${problems.join('; ')}`;
  return { class: 'validation', reason: 'invalid-result', message };
}

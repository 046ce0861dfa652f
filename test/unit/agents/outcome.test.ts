import { describe, expect, it } from 'vitest';
import { type AgentFailure, NOTHING_USED } from '#src/agents/agent.ts';
import { decideOutcome, type Evidence } from '#src/agents/session/outcome.ts';

const failure = (reason: AgentFailure['reason']): AgentFailure => ({
  class: 'execution',
  reason,
  message: reason,
});

const decide = (evidence: Partial<Evidence>) =>
  decideOutcome({
    cause: undefined,
    end: { stopReason: 'end_turn', sessionFailure: undefined },
    llmFailure: undefined,
    text: 'text',
    tellsErrorsAsText: false,
    result: undefined,
    usage: NOTHING_USED,
    sessionId: 'session-1',
    ...evidence,
  });

const reasonOf = (evidence: Partial<Evidence>) => {
  const outcome = decide(evidence);
  return outcome.status === 'failed' ? outcome.failure.reason : outcome.status;
};

describe('decideOutcome', () => {
  it('succeeds when the agent ended its turn and nothing speaks against it', () => {
    expect(decide({ result: { value: { ok: true } } })).toEqual({
      status: 'succeeded',
      text: 'text',
      result: { ok: true },
      usage: NOTHING_USED,
      sessionId: 'session-1',
      stopReason: 'end_turn',
    });
  });

  it('is cancelled after a cancel, whatever came back', () => {
    const evidence = { cause: { type: 'cancelled' } as const, llmFailure: failure('auth') };

    expect(reasonOf({ ...evidence, end: { failure: failure('crashed') } })).toBe('cancelled');
    expect(reasonOf(evidence)).toBe('cancelled');
  });

  it("believes the engine before the gateway, the gateway before the agent's error, and that before its stop", () => {
    const cause = { type: 'failed', failure: failure('timeout') } as const;
    const end = { failure: failure('crashed') };
    const sessionFailure = failure('agent-error');

    const reasons = [
      reasonOf({ cause, llmFailure: failure('server'), end }),
      reasonOf({ llmFailure: failure('server'), end }),
      reasonOf({ end }),
      reasonOf({ end: { stopReason: 'refusal', sessionFailure } }),
      reasonOf({
        end: { stopReason: 'refusal', sessionFailure: undefined },
        result: { problems: undefined },
      }),
    ];

    expect(reasons).toEqual(['timeout', 'server', 'crashed', 'agent-error', 'refused']);
  });

  it.each([
    { stopReason: 'max_tokens', reason: 'output-limit' },
    { stopReason: 'max_turn_requests', reason: 'max-turns' },
    { stopReason: 'refusal', reason: 'refused' },
    { stopReason: 'cancelled', reason: 'stopped' },
    { stopReason: 'constructor', reason: 'stopped' },
  ])('fails as $reason when the turn ended by $stopReason', ({ stopReason, reason }) => {
    expect(reasonOf({ end: { stopReason, sessionFailure: undefined } })).toBe(reason);
  });

  it.each([
    { tellsErrorsAsText: true, text: 'Error: Authentication failed', reason: 'agent-error' },
    { tellsErrorsAsText: false, text: 'Error: is how the log line begins', reason: 'succeeded' },
    { tellsErrorsAsText: true, text: 'No Error: here', reason: 'succeeded' },
  ])('takes $text for $reason', ({ reason, ...evidence }) => {
    expect(reasonOf(evidence)).toBe(reason);
  });

  it('fails validation without a result, or with one that does not fit', () => {
    expect(decide({ result: { problems: undefined } })).toMatchObject({
      failure: { class: 'validation', reason: 'no-result' },
    });
    expect(decide({ result: { problems: ['a must be string'] } })).toMatchObject({
      failure: {
        class: 'validation',
        reason: 'invalid-result',
        message: "The agent's result does not fit its schema: a must be string",
      },
    });
  });
});

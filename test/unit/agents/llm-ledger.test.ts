import { describe, expect, it } from 'vitest';
import type { AgentFailure } from '#src/agents/agent.ts';
import { LlmLedger } from '#src/agents/gateway/llm-ledger.ts';

function openLedger(options: Partial<ConstructorParameters<typeof LlmLedger>[0]> = {}) {
  const stops: AgentFailure[] = [];
  const ledger = new LlmLedger({
    limits: {},
    prices: {},
    attempts: 3,
    onStop: (failure) => stops.push(failure),
    ...options,
  });
  return { ledger, stops };
}

const tokens = { input: 10, output: 5, cacheRead: 0, cacheWrite: 0 };

describe('the ledger of model calls', () => {
  it('forgets a failure when a newer call went well', () => {
    const { ledger } = openLedger();
    ledger.fail(ledger.begin() ?? 0, { status: 500 });

    ledger.succeed(ledger.begin() ?? 0, tokens);

    expect(ledger.lastFailure()).toBeUndefined();
  });

  it('goes by the order in which calls began when they end in another', () => {
    const { ledger } = openLedger();
    const [first, second] = [ledger.begin() ?? 0, ledger.begin() ?? 0];
    ledger.fail(second, { status: 500 });

    ledger.succeed(first, tokens);

    expect(ledger.lastFailure()).toMatchObject({ reason: 'server' });
  });

  it('stops after so many failures in a row, once', () => {
    const { ledger, stops } = openLedger();

    for (let call = 0; call < 5; call++) ledger.fail(call, { status: 429 });

    expect(stops).toMatchObject([{ reason: 'rate-limit' }]);
    expect(ledger.begin()).toBeUndefined();
  });

  it('starts to count anew after a call that went well', () => {
    const { ledger, stops } = openLedger();

    for (let call = 0; call < 6; call += 3) {
      ledger.fail(call, { status: 429 });
      ledger.fail(call + 1, { status: 429 });
      ledger.succeed(call + 2, tokens);
    }

    expect(stops).toEqual([]);
  });

  it.each([401, 403, 402])('stops at once at %i, which no retry cures', (status) => {
    const { ledger, stops } = openLedger();

    ledger.fail(ledger.begin() ?? 0, { status });

    expect(stops).toHaveLength(1);
  });

  it('lets nothing through after it was closed', () => {
    const { ledger } = openLedger();

    ledger.close();

    expect(ledger.begin()).toBeUndefined();
  });

  it('prices by the longest name the model begins with, and caches at their own price', () => {
    const prices = {
      m: { input: 100, output: 100 },
      'm-large': { input: 10, output: 20, cache_read: 1, cache_write: 2 },
    };
    const { ledger } = openLedger({ prices });

    ledger.succeed(1, {
      input: 1e6,
      output: 1e6,
      cacheRead: 1e6,
      cacheWrite: 1e6,
      model: 'm-large-2026-01-01',
    });

    expect(ledger.usage()).toEqual({
      inputTokens: 3e6,
      outputTokens: 1e6,
      costUsd: 33,
      calls: 0,
      source: 'gateway',
    });
  });

  it('does not make up a cost for a model without a price', () => {
    const { ledger } = openLedger({ prices: { known: { input: 1, output: 1 } } });

    ledger.succeed(1, { ...tokens, model: 'known' });
    ledger.succeed(2, { ...tokens, model: 'other' });

    expect(ledger.usage()?.costUsd).toBeNull();
  });
});

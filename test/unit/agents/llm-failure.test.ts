import { describe, expect, it } from 'vitest';
import { readRefusal, retryAfterOf } from '#src/agents/gateway/llm-failure.ts';

const read = (body: string, key?: string) =>
  readRefusal({ statusCode: 400, headers: {} }, body, key);

describe('retryAfterOf', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  it.each([
    { headers: { 'retry-after': '7' }, wait: 7_000 },
    { headers: { 'retry-after': '0.5' }, wait: 500 },
    { headers: { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, wait: 60_000 },
    { headers: { 'retry-after-ms': '1500', 'retry-after': '9' }, wait: 1_500 },
    { headers: { 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, wait: undefined },
    { headers: { 'retry-after': 'soon' }, wait: undefined },
    { headers: { 'retry-after': '-3' }, wait: undefined },
    { headers: {}, wait: undefined },
  ])('reads $headers', ({ headers, wait }) => {
    expect(retryAfterOf(headers, now)).toBe(wait);
  });
});

describe('readRefusal', () => {
  it.each([
    {
      vendor: 'Anthropic',
      body: '{"type":"error","error":{"type":"overloaded_error","message":"m"}}',
      code: 'overloaded_error',
    },
    {
      vendor: 'OpenAI',
      body: '{"error":{"type":"t","code":"insufficient_quota","message":"m"}}',
      code: 'insufficient_quota',
    },
    {
      vendor: 'Gemini',
      body: '[{"error":{"code":400,"status":"INVALID","message":"m"}}]',
      code: undefined,
    },
  ])("finds the code and the message of $vendor's answer", ({ body, code }) => {
    expect(read(body)).toEqual({ status: 400, message: 'm', ...(code !== undefined && { code }) });
  });

  it.each(['', 'Bad gateway', 'null', '{"error":"text"}', '[]'])('makes do with %j', (body) => {
    expect(read(body)).toEqual({ status: 400 });
  });

  it('cuts the key out of the message and the message to a bearable length', () => {
    const body = JSON.stringify({ error: { message: `key sk-1 is wrong ${'x'.repeat(1_000)}` } });

    const { message } = read(body, 'sk-1');

    expect(message).toMatch(/^key \*\*\* is wrong x/);
    expect(message).toHaveLength(300);
  });
});

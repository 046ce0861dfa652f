import { describe, expect, it } from 'vitest';
import { findFencedJson } from '#src/agents/gateway/fenced-json.ts';

describe('findFencedJson', () => {
  it.each([
    { name: 'a block', text: 'Here:\n```json\n{"a":1}\n```\nDone.', value: { a: 1 } },
    { name: 'the last of two blocks', text: '```json\n1\n```\n```json\n2\n```', value: 2 },
    {
      name: 'a block before one that is no JSON',
      text: '```json\n1\n```\n```json\noops\n```',
      value: 1,
    },
    { name: 'a block without a language', text: '```\n[true]\n```', value: [true] },
    { name: 'the whole text', text: ' {"a":null} ', value: { a: null } },
    { name: 'null', text: '```json\nnull\n```', value: null },
  ])('finds $name', ({ text, value }) => {
    expect(findFencedJson(text)).toEqual({ value });
  });

  it.each(['', 'no JSON', '```json\n{"a":1}', '```js\n1\n```'])('finds nothing in %j', (text) => {
    expect(findFencedJson(text)).toBeUndefined();
  });

  it('takes a time that grows with the text and not with its square', () => {
    expect(findFencedJson('```json\n'.repeat(100_000))).toBeUndefined();
  });
});

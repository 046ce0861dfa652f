import { expect, it } from 'vitest';
import { renderParamProblems } from '#src/render/answer/param-problems.ts';

it('says in one sentence what a start lacks and what it has too much of', () => {
  const text = renderParamProblems([
    { type: 'unknown', name: 'sizes', suggestion: 'size' },
    { type: 'missing', name: 'size' },
    { type: 'missing', name: 'target' },
    { type: 'wrong-type', name: 'rounds', wanted: 'integer' },
    { type: 'no-choice', name: 'mode', choices: ['fast', 'slow'] },
    { type: 'fixed', name: 'execution', steps: ['plan', 'send'] },
  ]);

  expect(text).toBe(
    'it needs `size=…` and `target=…`; it has no parameter `sizes`, perhaps `size`; `rounds` takes a whole number; `mode` is one of `fast` or `slow`; it does not let `execution` change `plan` and `send`',
  );
});

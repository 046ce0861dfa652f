import { describe, expect, it } from 'vitest';
import { taskText } from '#src/render/prompt/task-text.ts';

const COMMENT = { author: 'bob', at: '2026-11-21T09:00:00Z', body: 'And quickly.' };

describe('the task as agents read it', () => {
  it('is what was said, then the comments, then how many were left out', () => {
    expect(taskText({ said: 'Do it.', comments: [COMMENT], leftOut: 1 }, 1000)).toBe(
      'Do it.\n\nComment by bob on 2026-11-21:\n\nAnd quickly.\n\n(1 comment left out.)',
    );
  });

  it.each([10, 40, 100])('never has more than %i bytes, and splits no character', (max) => {
    const text = taskText({ said: '😀é'.repeat(100), comments: [], leftOut: 0 }, max);

    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(max);
    expect(text).not.toContain('\uFFFD');
    expect(text.isWellFormed()).toBe(true);
  });

  it('says where it was cut', () => {
    const text = taskText({ said: 'x'.repeat(200), comments: [], leftOut: 0 }, 100);

    expect(text).toMatch(/^x+\n\n\[cut here: it has 200 bytes\]$/);
  });
});

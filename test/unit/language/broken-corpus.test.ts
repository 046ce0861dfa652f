import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderProblem } from '#src/language/problems/problem.ts';
import { BROKEN, brokenFiles, problemsOf } from '#test/support/language/broken-corpus.ts';

describe('a broken workflow file', () => {
  it.each(brokenFiles())('%s gets exactly the messages written beside it', (name) => {
    const problems = problemsOf(name);

    const messages = `${problems.map(renderProblem).join('\n')}\n`;

    expect(messages).toBe(readFileSync(join(BROKEN, `${name}.txt`), 'utf8'));
  });
});

import { describe, expect, it } from 'vitest';
import { nextSteps } from '#src/render/comment/next-steps.ts';
import { aGate, anInput, aPlan, aRun, HEAD, STORY } from '../report-builders.ts';

describe('nextSteps', () => {
  it('names what starts, and what it may do', () => {
    expect(nextSteps(anInput(), aGate({ node: 'implement' }))).toBe(
      '`security-review` and `performance-review` (each reads the code) start. Nothing has been pushed so far.',
    );
  });

  it('names the step itself when the gate stands before it', () => {
    expect(nextSteps(anInput(), aGate({ node: 'implement', when: 'before' }))).toContain(
      '`implement` (may change the code) starts.',
    );
  });

  it('says that nothing is left to do after the last step', () => {
    const run = aRun(STORY, {}, { headSha: HEAD });

    expect(nextSteps(anInput({ run }), aGate({ node: 'publish' }))).toBe(
      'this was the last step; the run finishes.',
    );
  });

  it('keeps a long list short', () => {
    const ids = Array.from({ length: 9 }, (_, index) => `s${index}`);
    const plan = aPlan({ plan: [], ...Object.fromEntries(ids.map((id) => [id, ['plan']])) });

    expect(nextSteps(anInput({ plan, run: aRun(plan) }), aGate())).toMatch(/and 3 more start\./);
  });

  it('says little about a gate in a frame that is gone', () => {
    expect(nextSteps(anInput(), aGate({ node: 'build/compile' }))).toBe('the run goes on.');
  });
});

import { describe, expect, it } from 'vitest';
import { planSize } from '#src/engine/read/plan-size.ts';
import { aPlan } from '#test/support/language/builders.ts';

describe('the size of a plan', () => {
  it('counts steps inside of others, and not those that only hold them', () => {
    const plan = aPlan(`name: sized
steps:
  - {id: plan, agent: Planner, prompt: Plan., requires_approval: true}
  - id: reviews
    depends_on: [plan]
    group:
      steps:
        - {id: security, agent: CodeReviewer, prompt: Review.}
        - {id: style, agent: CodeReviewer, prompt: Review., requires_approval: true}
  - {id: after, depends_on: [reviews], run: "true"}
`);

    expect(planSize(plan)).toEqual({ steps: 4, gates: 2 });
  });
});

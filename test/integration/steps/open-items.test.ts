import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench({
    prompts: [
      {
        match: 'Review the draft.*in words',
        steps: [{ result: { status: 'approved_with_conditions', conditions: ['Name the owner'] } }],
      },
      {
        match: 'Review the draft',
        steps: [{ result: { status: 'approved_with_conditions', conditions: ['Add an index'] } }],
      },
      {
        match: 'Refine it.*- \\[review@1#1\\] Add an index',
        steps: [
          { write: { path: 'draft.md', content: 'with an index\n' } },
          { result: { resolved_items: ['review@1#1'] } },
        ],
      },
      { match: 'Refine it', steps: [{ result: { resolved_items: [] } }] },
      {
        match: 'Build it.*Open items',
        steps: [{ write: { path: 'built.txt', content: 'with open items\n' } }],
      },
      { match: 'Build it', steps: [{ write: { path: 'built.txt', content: 'built\n' } }] },
    ],
  });
});
afterAll(() => bench.close());

/** A draft that is reviewed, refined under the review's conditions, and built in a workflow of its own. */
const workflow = (review: string) => `
name: reviewed
steps:
  - {id: draft, agent: Writer, prompt: Draft it}
  - id: review
    agent: Reader
    prompt: ${review}
    depends_on: [draft]
    result: {schema: {type: object, required: [status]}}
    status_field: status
  - id: refine
    agent: Writer
    prompt: Refine it
    inputs: [draft]
    depends_on: [review]
    result: {schema: {type: object}}
  - id: work
    depends_on: [refine]
    call: {workflow: cycle}
loops:
  again: {from: review, to: draft}
`;
const cycle = `
name: cycle
steps:
  - {id: build, agent: Writer, prompt: Build it, open_items: hold}
`;
const play = (review: string) => bench.play(workflow(review), { others: [cycle] });

describe('a step that holds while items are open', () => {
  it('starts by itself once a step that was told about them has settled them', async () => {
    const settled = await play('Review the draft');

    expect(settled.run.status).toBe('succeeded');
    expect(settled.run.gates).toEqual([]);
    expect(settled.node('refine').result?.resolvedItems).toEqual(['review@1#1']);
    expect(settled.file('built.txt')).toBe('built');
  });

  it('waits for a person where nobody has, who takes them as they are', async () => {
    const waiting = await play('Review the draft, in words');
    expect(waiting.run.status).toBe('waiting');
    expect(waiting.file('built.txt')).toBeUndefined();
    expect(waiting.run.gates).toMatchObject([
      { kind: 'open-items', node: 'work/build', openItems: [{ text: 'Name the owner' }] },
    ]);

    const settled = await bench.decide(waiting.run.id, 'approve');

    expect(settled.run.status).toBe('succeeded');
    expect(settled.file('built.txt')).toBe('built');
  });

  it('comes again after the author was sent back to work', async () => {
    const waiting = await play('Review the draft, in words');

    const again = await bench.decide(waiting.run.id, 'revise', 'Name her.');

    expect(again.node('draft')).toMatchObject({ visit: 2, status: 'completed' });
    expect(again.run.status).toBe('waiting');
    expect(again.run.gates.at(-1)).toMatchObject({
      kind: 'open-items',
      round: 2,
      openItems: [{ id: 'review@2#1' }],
    });
  });
});

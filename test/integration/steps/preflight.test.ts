import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const workflow = (step: string) => `
name: guarded
steps:
  - id: plan
    agent: Reader
    prompt: Plan it
  - {id: push, depends_on: [plan], ${step}}
`;
const consent = 'requires_individual_consent: true';
const approval = 'approval: {when: before}';

describe('a step people would be asked about', () => {
  it.each([
    ['its tool is missing', `run: "true", requires: [no-such-tool], ${consent}`],
    ['its command may not run', `run: {line: "curl x", deny: [curl]}, risky: true, ${consent}`],
    ['its command is dangerous', `run: "rm -rf build", risky: true, ${consent}`],
    [
      'its prompt is dangerous',
      `agent: Writer, prompt: Drop table users, risky: true, ${approval}`,
    ],
  ])('fails before anybody is asked when %s', async (_, step) => {
    const settled = await bench.play(workflow(step));

    expect(settled.run.status).toBe('failed');
    expect(settled.node('push').status).toBe('failed');
    expect(settled.run.gates).toEqual([]);
  });

  it('steps aside unasked when it is optional and its tool is missing', async () => {
    const step = `run: "true", requires: [no-such-tool], optional: true, ${consent}`;

    const settled = await bench.play(workflow(step));

    expect(settled.run.status).toBe('succeeded');
    expect(settled.node('push').reason?.code).toBe('waived');
    expect(settled.run.gates).toEqual([]);
  });

  it('runs once it is looked at and approved', async () => {
    const step = `run: "echo pushed > pushed.txt", requires: [git], risky: true, ${approval}`;
    const waiting = await bench.play(workflow(step));
    expect(waiting.run.gates).toMatchObject([{ kind: 'approval', node: 'push' }]);
    expect(waiting.file('pushed.txt')).toBeUndefined();

    const settled = await bench.decide(waiting.run.id, 'approve');

    expect(settled.run.status).toBe('succeeded');
    expect(settled.file('pushed.txt')).toBe('pushed');
  });
});

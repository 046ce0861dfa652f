import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDirectory, removeDirectory } from '#test/integration/workspace/fixtures.ts';
import { type Bench, openBench } from './bench.ts';

let bench: Bench;
let state: string;

beforeAll(async () => {
  state = aDirectory();
  bench = await openBench({
    agent: { state },
    files: { 'src/a.js': 'one\n' },
    prompts: [
      ...['A', 'B'].map((letter) => ({
        match: `Fill with ${letter}`,
        steps: [{ text: 'The beginning. '.repeat(20) + letter.repeat(20_000) }],
      })),
      { match: 'Talk', steps: [{ text: 'This conversation is ${session}.' }] },
      { match: 'Judge again', steps: [{ result: { verdict: 'fail' } }] },
      { match: 'Earlier answer.*name="earlier_answer"', steps: [{ text: 'I know what I said.' }] },
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((number) => ({
        match: 'Count',
        times: 1,
        steps: [{ text: `Number ${number}` }],
      })),
      {
        match: '<data name="guidance">(?<answer>[^<]*)</data>.*Your earlier answer.*Which one\\?',
        steps: [{ text: 'Thank you for ${answer}.' }],
      },
      {
        match: 'Ask people',
        steps: [
          {
            tool: {
              name: 'ask_people',
              args: { questions: [{ question: 'Which one?', options: ['red', 'blue'] }] },
            },
          },
          { text: 'I have to ask.' },
        ],
      },
      { match: 'Ask in the result', steps: [{ result: { questions: [{ question: 'Really?' }] } }] },
      { match: 'Ask for ever', steps: [{ result: { questions: ['Why?'] } }] },
      { match: 'Sure', steps: [{ text: 'Confidence: high. Done.' }] },
      { match: 'Doubt', steps: [{ text: 'I am not sure about this.' }] },
      { match: 'Silent', steps: [{ text: 'Done.' }] },
      { match: 'Provisional', steps: [{ result: { confidence: 'provisional' } }] },
      { match: 'Your last attempt failed.*lacks `scale`', steps: [{ result: { scale: 'small' } }] },
      { match: 'Forget', steps: [{ result: {} }] },
      {
        match: 'Spend without end',
        steps: [{ usage: { input: 1000, cost: 0.2 } }, { delay: 300 }, { text: 'Spent.' }],
      },
    ],
  });
});
afterAll(async () => {
  await bench.close();
  removeDirectory(state);
});

const one = (rest: string, top = '') => `
name: one
${top}
steps:
  - id: step
    agent: Reader
    ${rest}
`;

describe('a conversation', () => {
  const loop = (session: string) => `
name: talk
steps:
  - {id: talk, agent: Reader, prompt: Talk, session: ${session}}
  - {id: judge, agent: Reader, prompt: Judge again, depends_on: [talk], evaluate: {decision_field: verdict, on_fail: talk, max_retries: 1}, result: {required_keys: [verdict]}}
`;

  it('begins anew in every visit', async () => {
    const settled = await bench.play(loop('fresh'));

    expect((await settled.output('talk', 2)).text).toBe('This conversation is new.');
  });

  it('goes on with `session: continue`', async () => {
    const settled = await bench.play(loop('continue'));

    expect((await settled.output('talk', 1)).text).toBe('This conversation is new.');
    expect((await settled.output('talk', 2)).text).toBe('This conversation is resumed.');
  });

  it('is shared by the steps with `execution: main`', async () => {
    const settled = await bench.play(`
name: shared
execution: main
steps:
  - {id: a, agent: Reader, prompt: Talk}
  - {id: b, agent: Reader, prompt: Talk, depends_on: [a]}
  - {id: c, agent: Reader, prompt: Talk, depends_on: [b], execution: subagent}
`);

    const texts = ['a', 'b', 'c'].map(async (key) => (await settled.output(key)).text);
    expect(await Promise.all(texts)).toEqual([
      'This conversation is new.',
      'This conversation is resumed.',
      'This conversation is new.',
    ]);
  });

  it('that is lost is begun anew with what was said in it', async () => {
    const runId = await bench.start(`
name: lost
steps:
  - {id: talk, agent: Reader, prompt: Talk, session: continue, requires_approval: true}
`);
    await bench.settled(runId);
    bench.deps.sessions.remember(runId, 'step/talk', 'gone');

    const settled = await bench.decide(runId, 'revise', 'Say more.');

    expect(settled.run.status).toBe('waiting');
    expect((await settled.output('talk')).visit).toBe(2);
  });
});

describe('a step that may ask', () => {
  it('waits for the answers and gets them', async () => {
    const asked = await bench.play(one('prompt: Ask people\n    questions: {max: 2}'));

    const [gate] = asked.run.gates;
    expect(gate).toMatchObject({
      kind: 'question',
      questions: [{ question: 'Which one?', options: ['red', 'blue'] }],
    });
    expect(asked.node('step').status).toBe('awaiting-input');

    const settled = await bench.decide(asked.run.id, 'answer', 'the red one');
    expect(settled.run.status).toBe('succeeded');
    expect((await settled.output('step')).text).toBe('Thank you for the red one.');
  });

  it('may ask in its structured result as well', async () => {
    const asked = await bench.play(
      one(
        'prompt: Ask in the result\n    questions: {max: 2}\n    result: {schema: {type: object}}',
      ),
    );

    expect(asked.run.gates[0]?.questions).toEqual([{ question: 'Really?', options: [] }]);
  });

  it('asks no more often than it may', async () => {
    const first = await bench.play(
      one('prompt: Ask for ever\n    questions: {max: 1}\n    result: {schema: {type: object}}'),
    );

    const settled = await bench.decide(first.run.id, 'answer', 'Because.');

    expect(settled.run.status).toBe('succeeded');
    expect(settled.run.gates).toHaveLength(1);
  });

  it('asks nobody when the workflow does not let it', async () => {
    const settled = await bench.play(
      one('prompt: Ask for ever\n    result: {schema: {type: object}}'),
    );

    expect(settled.run.gates).toEqual([]);
    expect(settled.run.status).toBe('succeeded');
  });
});

describe('confidence', () => {
  const RELIABILITY = 'reliability: {enabled: true, confidence: {missing_requires_approval: true}}';

  it.each([
    ['Sure', 'succeeded', undefined],
    ['Doubt', 'waiting', 'confidence'],
    ['Silent', 'waiting', 'confidence'],
  ])('%s: the run is %s', async (prompt, status, kind) => {
    const settled = await bench.play(one(`prompt: ${prompt}`, RELIABILITY));

    expect(settled.run.status).toBe(status);
    expect(settled.run.gates[0]?.kind).toBe(kind);
  });

  it('is read from the structured result first', async () => {
    const settled = await bench.play(
      one(
        'prompt: Provisional\n    result: {schema: {type: object}}',
        'reliability: {enabled: true}',
      ),
    );

    expect(settled.run.gates[0]?.kind).toBe('confidence');
  });

  it('is nobody’s business without `reliability`', async () => {
    const settled = await bench.play(one('prompt: Doubt'));

    expect(settled.run.status).toBe('succeeded');
  });
});

describe('the guardrail', () => {
  it('stops a risky step before any model is asked', async () => {
    const settled = await bench.play(one('prompt: Then dr-op ta_ble users\n    risky: true'));

    expect(settled.node('step')).toMatchObject({
      status: 'failed',
      attempt: 1,
      reason: { code: 'guardrail-blocked' },
    });
    expect(settled.node('step').reason?.message).toContain('`drop table`');
  });

  it('knows the terms of the workflow', async () => {
    const settled = await bench.play(
      one(
        'prompt: Please empty the bin',
        'reliability: {enabled: true, guardrails: {terms: [empty the bin]}}',
      ),
    );

    expect(settled.node('step').reason?.code).toBe('guardrail-blocked');
  });

  it('scans the line of a command', async () => {
    const settled = await bench.play(`
name: line
steps:
  - {id: step, run: "rm -rf build", risky: true}
`);

    expect(settled.node('step').reason?.code).toBe('guardrail-blocked');
  });

  it('does not scan what nobody called risky', async () => {
    const settled = await bench.play(one('prompt: Write about DROP TABLE'));

    expect(settled.run.status).toBe('succeeded');
  });
});

describe('what a step requires', () => {
  it('is found among the programs of the sandbox', async () => {
    const settled = await bench.play(one('prompt: Sure\n    requires: [git, sh]'));

    expect(settled.run.status).toBe('succeeded');
  });

  it('fails the step when it is missing', async () => {
    const settled = await bench.play(one('prompt: Sure\n    requires: [no-such-tool]'));

    expect(settled.node('step').reason).toMatchObject({ code: 'missing-requirement' });
    expect(settled.node('step').reason?.message).toContain('no-such-tool');
  });

  it('waives an optional step, whose followers go on with an empty result', async () => {
    const settled = await bench.play(`
name: waived
steps:
  - {id: extra, agent: Reader, prompt: Sure, optional: true, requires: [no-such-tool]}
  - {id: use, agent: Reader, prompt: "Talk [{{ extra }}]", depends_on: [extra]}
`);

    expect(settled.node('extra')).toMatchObject({ status: 'skipped', reason: { code: 'waived' } });
    expect(settled.run.status).toBe('succeeded');
  });
});

describe('what a step made of others requires', () => {
  const composite = (rest: string) => `
name: composite
steps:
  - id: many
    requires: [no-such-tool]
    optional: true
    ${rest}
  - {id: use, agent: Reader, prompt: Talk, depends_on: [many]}
`;

  it.each([
    'group: {steps: [{id: x, agent: Reader, prompt: Sure}]}',
    'foreach: {items: [1], steps: [{id: x, agent: Reader, prompt: Sure}]}',
  ])('is looked for before its members begin: %s', async (rest) => {
    const settled = await bench.play(composite(rest));
    const found = await bench.play(composite(rest).replace('no-such-tool', 'git'));

    expect(settled.node('many')).toMatchObject({ status: 'skipped', reason: { code: 'waived' } });
    expect(settled.run.status).toBe('succeeded');
    expect(found.node('many')).toMatchObject({ status: 'completed' });
  });
});

describe('a cached step', () => {
  const cached = (prompt: string) => one(`prompt: ${prompt}\n    cache: true`);

  it('is not asked again for the same prompt over the same files', async () => {
    const first = await bench.play(cached('Count sheep'));
    const second = await bench.play(cached('Count sheep'));
    const other = await bench.play(cached('Count goats'));

    const text = async (settled: typeof first) => (await settled.output('step')).text;
    expect(await text(second)).toBe(await text(first));
    expect(await text(other)).not.toBe(await text(first));
    expect(second.node('step').result?.notes).toEqual([
      'The answer of an earlier run was used: same prompt, same files, same results before it.',
    ]);
  });

  it('is asked again when the files are others', async () => {
    const files = (text: string) => `
name: files
steps:
  - {id: change, run: "echo ${text} > src/a.js"}
  - {id: step, agent: Reader, prompt: Count files, depends_on: [change], inputs: [], cache: true}
`;
    const first = await bench.play(files('two'));
    const same = await bench.play(files('two'));
    const other = await bench.play(files('three'));

    const text = async (settled: typeof first) => (await settled.output('step')).text;
    expect(await text(same)).toBe(await text(first));
    expect(await text(other)).not.toBe(await text(first));
  });
});

describe('a cached step behind another', () => {
  const behind = (letter: string) => `
name: behind
steps:
  - {id: long, agent: Reader, prompt: Fill with ${letter}, visibility: {mode: auto}}
  - {id: step, agent: Reader, prompt: "Count {{ long }}", depends_on: [long], cache: true}
`;
  const text = async (letter: string) =>
    (await (await bench.play(behind(letter))).output('step')).text;

  it('is asked again when an output is another that it could fetch, though its prompt is the same', async () => {
    const first = await text('A');
    const same = await text('A');
    const other = await text('B');

    expect(same).toBe(first);
    expect(other).not.toBe(first);
  });
});

describe('a repeated attempt', () => {
  it('is told what was wrong with the one before it', async () => {
    const settled = await bench.play(
      one(
        'prompt: Forget\n    retries: 2\n    result: {schema: {type: object}}\n    routing_fields: [scale]',
      ),
    );

    expect(settled.node('step')).toMatchObject({ status: 'completed', attempt: 2 });
  });
});

describe('a budget of a step', () => {
  it('stops the agent in the middle with `on_exceed: stop`', async () => {
    const settled = await bench.play(one('prompt: Spend without end\n    budget: {max_usd: 0.1}'));

    expect(settled.node('step')).toMatchObject({ status: 'failed', reason: { code: 'max-cost' } });
  });

  it('asks people afterwards with `on_exceed: pause`', async () => {
    const settled = await bench.play(
      one('prompt: Spend without end\n    budget: {max_usd: 0.1, on_exceed: pause}'),
    );

    expect(settled.run.gates[0]?.kind).toBe('budget');
    expect((await settled.output('step')).text).toBe('Spent.');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench } from './bench.ts';

let bench: Bench;

const LONG = 'word '.repeat(12_000);

beforeAll(async () => {
  bench = await openBench({
    prompts: [
      {
        match: 'Spend',
        steps: [{ text: 'money '.repeat(67).slice(0, 400) }, { usage: { input: 200, output: 5 } }],
      },
      { match: 'Write much', steps: [{ text: LONG }] },
      {
        match: 'Give a result',
        steps: [
          { text: 'Prose of the result.' },
          { result: { scale: 'small', tasks: ['one', 'two'], raw: 'r'.repeat(11_000) } },
        ],
      },
      {
        match: 'Give a small result',
        steps: [{ text: 'Prose.' }, { result: { scale: 'small', secret: 's3' } }],
      },
      {
        match: 'Fetch (?<name>\\w+) key (?<key>[\\w.]+)',
        steps: [
          { tool: { name: 'get_output', args: { name: '${name}', key: '${key}' } } },
          { text: 'FETCHED ${last}' },
        ],
      },
      {
        match: 'Fetch (?<name>\\w+)',
        steps: [
          { tool: { name: 'get_output', args: { name: '${name}' } } },
          { text: 'FETCHED ${last}' },
        ],
      },
      {
        match: 'Preview (?<name>\\w+)',
        steps: [
          { tool: { name: 'get_output', args: { name: '${name}', preview: true } } },
          { text: 'FETCHED ${last}' },
        ],
      },
      { match: '^(?<all>.*SHOW.*)$', steps: [{ text: 'SAW ${all}' }] },
    ],
  });
});
afterAll(() => bench.close());

const after = (first: string, prompt: string) => `
name: seen
steps:
  - id: first
    agent: Reader
    ${first}
  - {id: second, agent: Reader, prompt: "${prompt}", depends_on: [first]}
`;

describe('what a step sees of another', () => {
  it('is a note with size and beginning above 50,000 characters; all of it stays stored', async () => {
    const settled = await bench.play(after('prompt: Write much', 'SHOW {{ first }}'));

    const { text } = await settled.output('second');
    expect(text).toContain('[first has 59999 characters, too many to show.');
    expect(text.length).toBeLessThan(5_000);
    expect((await settled.output('first')).text).toHaveLength(LONG.trim().length);
  });

  it('can be fetched as a whole, page by page', async () => {
    const settled = await bench.play(after('prompt: Write much', 'Fetch first'));

    const { text } = await settled.output('second');
    expect(text).toContain('more characters from offset 50000]');
  });

  it('can be fetched field by field, and looked at without being read', async () => {
    const result = 'prompt: Give a result\n    result: {required_keys: [scale]}';
    const field = await bench.play(after(result, 'Fetch first key tasks.1'));
    const missing = await bench.play(after(result, 'Fetch first key nothing'));
    const preview = await bench.play(after(result, 'Preview first'));

    expect((await field.output('second')).text).toBe('FETCHED two');
    expect((await missing.output('second')).text).toContain('Its fields: scale, tasks, raw.');
    expect((await preview.output('second')).text).toMatch(
      /^FETCHED \d+ characters\. Its fields: scale/,
    );
  });

  it('is a manifest of a long result with `visibility: auto`, though its fields can be named', async () => {
    const settled = await bench.play(
      after(
        'prompt: Give a result\n    result: {required_keys: [scale]}\n    visibility: {mode: auto}',
        'SHOW {{ first }} AND {{ first.scale }}',
      ),
    );

    const { text } = await settled.output('second');
    expect(text).toMatch(
      /\[first has 11\d+ characters\. Its fields and their lengths: scale \(7\), tasks \(13\), raw \(11002\)/,
    );
    expect(text).toContain('AND <data name="first.scale">small</data>');
    expect(text.length).toBeLessThan(3_000);
  });

  it('is only the chosen fields with `visibility: summary`', async () => {
    const settled = await bench.play(
      after(
        'prompt: Give a small result\n    result: {required_keys: [scale]}\n    visibility: {mode: summary, exclude: [secret]}',
        'SHOW {{ first }}',
      ),
    );

    const { text } = await settled.output('second');
    expect(text).toContain('"scale": "small"');
    expect(text).not.toMatch(/s3|Prose/);
  });

  it('is nothing at all with `visibility: none`, not even through the tool', async () => {
    const none = 'prompt: Write much\n    visibility: {mode: none}';
    const shown = await bench.play(after(none, 'SHOW [{{ first }}]'));
    const fetched = await bench.play(after(none, 'Fetch first'));

    expect((await shown.output('second')).text).not.toContain('word');
    expect((await fetched.output('second')).text).toContain('no output named');
  });

  const member = (visibility: string, prompt: string): string =>
    `{id: m, agent: Reader, prompt: ${prompt}, result: {required_keys: [scale]}, visibility: ${visibility}}`;
  const insideOf = {
    group: (step: string) => `- {id: whole, output: whole, group: {steps: [${step}]}}`,
    foreach: (step: string) =>
      `- {id: whole, output: whole, foreach: {items: [1], as: it, steps: [${step}]}}`,
    call: () => '- {id: whole, output: whole, call: {workflow: inner}}',
  };
  const play = (kind: keyof typeof insideOf, step: string, prompt: string) =>
    bench.play(
      `name: outer\nsteps:\n  ${insideOf[kind](step)}\n  - {id: last, agent: Reader, prompt: "${prompt}", depends_on: [whole]}\n`,
      { others: [`name: inner\nsteps: [${step}]\n`] },
    );

  describe.each(['group', 'foreach', 'call'] as const)('inside a %s', (kind) => {
    it('is nothing with `visibility: none`: neither text nor fields, in the prompt or by the tool', async () => {
      const none = member('{mode: none}', 'Give a small result');
      const shown = await play(kind, none, 'SHOW {{ whole }} AND {{ whole | dump }}');
      const fetched = await play(kind, none, 'Fetch whole');
      const members = kind === 'call' ? 'm' : 'members';
      const fields = await play(kind, none, `Fetch whole key ${members}`);

      for (const settled of [shown, fetched, fields])
        expect((await settled.output('last')).text).not.toMatch(/s3|Prose|small/);
    });

    it('is only the chosen fields with `visibility: summary`', async () => {
      const summary = member('{mode: summary, exclude: [secret]}', 'Give a small result');
      const settled = await play(kind, summary, 'SHOW {{ whole }} AND {{ whole | dump }}');

      const { text } = await settled.output('last');
      expect(text).toContain('"scale": "small"');
      expect(text).not.toMatch(/s3|Prose/);
    });

    it('is a manifest with `visibility: auto`, and all of it by the tool', async () => {
      const auto = member('{mode: auto}', 'Give a result');
      const shown = await play(kind, auto, 'SHOW {{ whole }}');
      const fetched = await play(kind, auto, 'Fetch whole');

      expect((await shown.output('last')).text).toMatch(/\[m has 11\d+ characters\. .*"whole"/);
      expect((await fetched.output('last')).text.length).toBeGreaterThan(11_000);
    });
  });

  it('is only what it declares as its inputs', async () => {
    const settled = await bench.play(`
name: trimmed
steps:
  - {id: a, agent: Reader, prompt: Give a small result, result: {required_keys: [scale]}}
  - {id: b, agent: Reader, prompt: Write much, depends_on: [a]}
  - {id: c, agent: Reader, prompt: "SHOW {{ outputs | keys | join('+') }}END", depends_on: [b], inputs: [a]}
`);

    expect((await settled.output('c')).text).toContain('<data name="outputs">a</data>END');
  });

  it('is cut after a passed budget', async () => {
    const settled = await bench.play(`
name: degraded
budget: {max_tokens_per_session: 100}
reliability: {enabled: true, budget_governor: {max_degradations_per_run: 5, degrade_output_chars: 100}}
steps:
  - {id: first, agent: Spender, prompt: Spend}
  - {id: second, agent: Reader, prompt: "SHOW {{ first }}", depends_on: [first]}
personas: {Spender: {prompt: You spend., access: readonly}}
`);

    expect(await settled.history('first')).toContain('degrade budget-exceeded-degrade');
    expect((await settled.output('second')).text).toContain('[cut here; it has 400 characters');
  });

  it('is fetched on demand above the threshold of the budget governor', async () => {
    const settled = await bench.play(`
name: lazy
reliability: {enabled: true, budget_governor: {lazy_injection_threshold: 1000}}
steps:
  - {id: first, agent: Reader, prompt: "Give a result", result: {required_keys: [scale]}}
  - {id: second, agent: Reader, prompt: "SHOW {{ first }}", depends_on: [first]}
`);

    expect((await settled.output('second')).text).toContain('The tool get_output with the name');
  });
});

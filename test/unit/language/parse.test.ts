import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParseResult } from '#src/language/native/parse/parse.ts';
import { type Problem, renderProblem } from '#src/language/problems/problem.ts';
import { aDefinition, personas } from '#test/support/language/builders.ts';
import { parseText } from '#test/support/language/parse-text.ts';

const SOUND = `name: my-workflow
description: What this workflow does
on: {label: feature}
steps:
  - id: research
    agent: Researcher
    prompt: |
      Research the following: {{task}}
    output: research_findings
  - id: implement
    agent: Engineer
    depends_on: [research]
    prompt: |
      Based on: {{research_findings}}
      Implement: \${task}
    output: implementation
`;

/** Nine lines that would unfold to a billion words. */
const BILLION_LAUGHS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  .map((name, index, names) => {
    const item = index === 0 ? 'ha' : `*${names[index - 1]}`;
    return `${name}: &${name} [${Array.from({ length: 9 }, () => item).join(', ')}]`;
  })
  .join('\n');

function parse(text: string): ParseResult {
  return parseText(text, { path: 'test.yml', personas });
}

function problems(text: string): readonly Problem[] {
  const parsed = parse(text);
  return parsed.ok ? [] : parsed.problems;
}

describe('a native workflow file', () => {
  it('reads the file of the documentation', () => {
    const { spec } = aDefinition(SOUND);

    expect(spec.name).toBe('my-workflow');
    expect(spec.steps.map(({ id, output }) => [id, output])).toEqual([
      ['research', 'research_findings'],
      ['implement', 'implementation'],
    ]);
  });

  it('reads `on` as a word, as YAML 1.2 says', () => {
    expect(aDefinition(SOUND).spec.on).toMatchObject({ label: 'feature' });
  });

  it('gives every problem at once, in the order of the file, each with its end', () => {
    const text = SOUND.replace('agent: Researcher', 'agent: Reseacher')
      .replace('{{research_findings}}', '{{research_finding}}')
      .replace('description:', 'descripton:');

    expect(problems(text)).toMatchObject([
      { line: 2, column: 1, code: 'unknown-key', suggestion: 'description' },
      { line: 6, column: 12, endLine: 6, code: 'unknown-persona', suggestion: 'Researcher' },
      { line: 14, column: 19, code: 'unknown-variable', suggestion: 'research_findings' },
    ]);
  });

  it('checks the sound part of a step whose other keys are wrong', () => {
    const text = SOUND.replace(
      '    output: implementation',
      '    output: implementation\n    retries: many',
    ).replace('[research]', '[reserch]');

    expect(problems(text).map(({ code }) => code)).toContain('unknown-step');
    expect(problems(text).map(({ code }) => code)).toContain('wrong-type');
  });

  it('does not check personas when it is not told any', () => {
    const parsed = parseText(SOUND.replace('Engineer', 'Anybody'), { path: 'test.yml' });

    expect(parsed.ok).toBe(true);
  });

  it.each([
    ['prompt: "a {{ x1 }}"', 7, 19],
    ["prompt: 'a {{ x1 }}'", 7, 19],
    ['prompt: a {{ x1 }}', 7, 18],
    ['prompt: |\n        a\n          {{ x1 }}', 9, 14],
    ['prompt: |-\n\n        {{ x1 }}', 9, 12],
    ['prompt: |2\n        {{ x1 }}', 8, 12],
    ['prompt: >\n        a\n        {{ x1 }}', 7, 13],
  ])('finds the place of a problem inside %j', (prompt, line, column) => {
    const text = `name: a\n\n\nsteps:\n  - id: a\n    agent: Planner\n    ${prompt}\n`;

    expect(problems(text)).toMatchObject([{ line, column, code: 'unknown-variable' }]);
  });

  it.each([
    ['a file that is too large', `# ${'x'.repeat(300_000)}\n${SOUND}`, 'too-large'],
    ['a file that is nothing but depth', '['.repeat(100_000), 'yaml'],
    ['maps inside maps', '{a: '.repeat(100) + '}'.repeat(100), 'yaml'],
    ['a billion laughs', BILLION_LAUGHS, 'yaml'],
    ['control characters', 'name: "a\u0000b"\nsteps: []', 'bad-value'],
    ['a byte order mark and nothing else', '\uFEFF', 'yaml'],
    ['a list of lists of nulls', '- [null, [null]]\n', 'wrong-type'],
  ])('answers %s with problems', (_, text, code) => {
    expect(problems(text).map((problem) => problem.code)).toContain(code);
  });

  it('names at most a hundred problems', () => {
    const steps = Array.from(
      { length: 300 },
      (_, index) => `  - {id: s${index}, agent: Nobody, prompt: x}`,
    );

    expect(problems(`name: a\nsteps:\n${steps.join('\n')}\n`)).toHaveLength(100);
  });

  it('never throws, whatever is done to a sound file', () => {
    const change = fc.record({
      at: fc.nat(SOUND.length),
      length: fc.nat(20),
      text: fc.oneof(
        fc.constantFrom(
          '{',
          '[',
          '"',
          "'",
          '\t',
          '\n',
          ': ',
          '- ',
          '&a ',
          '*a ',
          '!x ',
          '{{ ',
          ' }}',
          '{% ',
          '%',
          '<<: ',
          '? ',
          '|',
          '>',
          '__proto__: 1\n',
        ),
        fc.string({ maxLength: 5 }),
      ),
    });
    const endsWell = fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
      let text = SOUND;
      for (const { at, length, text: put } of changes) {
        text = text.slice(0, at) + put + text.slice(at + length);
      }
      const parsed = parse(text);
      return parsed.ok || parsed.problems.every(({ line, column }) => line > 0 && column > 0);
    });

    expect(fc.check(endsWell, { numRuns: 400 })).toMatchObject({ failed: false });
  });

  it('says that there are too many steps, however long the chain they make', () => {
    const step = (at: number): string => `- {id: s${at}, noop: true, depends_on: [s${at - 1}]}\n`;
    const chain = Array.from({ length: 4999 }, (_, at) => step(at + 1)).join('');
    const text = `name: a\nsteps:\n- {id: s0, noop: true}\n${chain}`;

    expect(problems(text).map(renderProblem)).toEqual([
      'test.yml:3:1: `steps` must have at most 500 items.',
    ]);
  });

  it('writes a problem as editors understand it', () => {
    const [problem] = problems('name: a\nsteps: []\n');

    expect(renderProblem(problem!)).toBe('test.yml:2:8: `steps` needs at least one item.');
  });
});

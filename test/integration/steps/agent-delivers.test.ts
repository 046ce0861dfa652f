import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench } from './bench.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({
    files: { 'docs/known.md': '# Known\n', 'docs/old.md': '# Old\n' },
    prompts: [
      {
        match: 'Not done yet.*The check "tests".*not ok 1 - adds',
        steps: [{ write: { path: 'fixed', content: 'yes' } }, { text: 'Fixed after ${session}.' }],
      },
      { match: 'Not done yet.*not ok 1 - never', steps: [{ text: 'I see no fault.' }] },
      {
        match: 'Build with checks',
        steps: [{ text: 'Built.' }, { usage: { input: 10, output: 1 } }],
      },
      { match: 'Build stubborn', steps: [{ text: 'Built.' }] },

      { match: 'Not done yet.*which does not exist', steps: [{ result: { other: 1 } }] },
      { match: 'Not done yet.*`design_doc`', steps: [{ result: { design_doc: 'docs/known.md' } }] },
      { match: 'Design late', steps: [{ text: 'Designed.' }, { result: {} }] },
      {
        match: 'Design nowhere',
        steps: [{ text: 'never' }, { result: { design_doc: 'docs/none.md' } }],
      },
      {
        match: 'Design without',
        steps: [{ result: { design_doc_absence_reason: 'Too small for one.' } }],
      },
      { match: 'Design folder', steps: [{ result: { design_doc: '.' } }] },
      { match: 'Design out', steps: [{ result: { design_doc: '../../../../etc/passwd' } }] },
      {
        match: 'Handed over to you.*name="design.design_doc">docs/known.md<',
        steps: [{ text: 'I was handed the document.' }],
      },
      { match: 'Take over', steps: [{ text: 'I was handed nothing.' }] },

      {
        match: 'Not done yet.*`docs/out.md`',
        steps: [{ write: { path: 'docs/out.md', content: '# Out\n\nWritten late.\n' } }],
      },
      {
        match: 'Report link',
        steps: [{ shell: 'mkdir -p docs; ln -s /etc/hosts docs/out.md' }, { text: 'Linked.' }],
      },
      {
        match: 'Not done yet.*`docs/known.md`',
        steps: [{ write: { path: 'docs/known.md', content: '# Known better\n' } }],
      },
      { match: 'Judge it', steps: [{ result: { verdict: 'again' } }], times: 1 },
      { match: 'Judge it', steps: [{ result: { verdict: 'fine' } }] },
      { match: 'Report', steps: [{ text: 'Reported.' }] },

      {
        match: 'Not done yet.*`scale`',
        steps: [{ result: { scale: 'small', status: 'completed' } }],
      },
      {
        match: 'Not done yet.*no known status',
        steps: [{ result: { scale: 'large', status: 'needs_revision' } }],
      },
      { match: 'Say the scale', steps: [{ result: { status: 'completed' } }] },
      { match: 'Say a word', steps: [{ result: { scale: 'large', status: 'fine' } }] },
      {
        match: 'Review with conditions',
        steps: [
          {
            result: {
              status: 'approved_with_conditions',
              conditions: ['Add an index', { text: 'Name the owner' }],
            },
          },
        ],
      },
      {
        match: 'Find a secret',
        steps: [
          { write: { path: 'leak.txt', content: 'the secret' } },
          { result: { status: 'blocked' } },
        ],
      },
      {
        match: 'Review with notes',
        steps: [{ result: { status: 'approved_with_notes', notes: ['Consider a cache'] } }],
      },
      {
        match: 'Open items.*- \\[judge@1#1\\] Add an index\\n- \\[judge@1#2\\] Name the owner',
        steps: [{ text: 'I saw the open items.' }],
      },
      {
        match: 'Find faults',
        steps: [
          {
            result: {
              status: 'completed',
              findings: [
                { severity: 'high', file: 'b.js', rule: 'r1', line: 3 },
                { severity: 'low', file: 'a.js', rule: 'r2' },
              ],
            },
          },
        ],
      },
    ],
  });
});
afterAll(() => bench.close());

describe('a step that calls a halt', () => {
  it('leaves nothing of its own on the branch', async () => {
    const settled = await bench.play(`
name: halts
steps:
  - id: fix
    agent: Writer
    prompt: Find a secret
    result: {required_keys: [status]}
    status_field: status
`);

    expect(settled.run.reason?.code).toBe('halted');
    expect(settled.file('leak.txt')).toBeUndefined();
  });
});

describe('a step with checks', () => {
  const workflow = (prompt: string, max: number, test = 'adds') => `
name: checked
steps:
  - id: build
    agent: Writer
    prompt: ${prompt}
    checks: [{name: tests, run: "echo 'not ok 1 - ${test}'; test -f fixed", max: ${max}}]
`;

  it('goes back to the agent with what the check printed, in the same conversation', async () => {
    const settled = await bench.play(workflow('Build with checks', 2));

    expect(settled.run.status).toBe('succeeded');
    expect(settled.node('build')).toMatchObject({ visit: 1, attempt: 1 });
    expect((await settled.output('build')).text).toContain('Built.\n\nFixed after resumed.');
    expect(settled.file('fixed')).toBe('yes');
  });

  it('fails when the check still fails as often as it may', async () => {
    const settled = await bench.play(workflow('Build stubborn', 2, 'never'));

    const { status, reason } = settled.node('build');
    expect({ status, code: reason?.code }).toEqual({ status: 'failed', code: 'check-failed' });
    expect(reason?.message).toContain('not ok 1 - never');
    expect((await settled.output('build')).text).toBe(
      'Built.\n\nI see no fault.\n\nI see no fault.',
    );
    expect(settled.run.headSha).toBeNull();
  });

  it('runs the commands of the repository', async () => {
    const settled = await bench.play(
      workflow('Build with checks', 2).replace(/run: "[^"]*"/, 'run: config:test'),
      { commands: { test: "echo 'not ok 1 - adds'; test -f fixed" } },
    );

    expect(settled.run.status).toBe('succeeded');
  });
});

describe('a step that hands something over', () => {
  const workflow = (prompt: string) => `
name: handing
steps:
  - id: design
    agent: Reader
    prompt: ${prompt}
    result: {schema: {type: object}}
    handoffs: [{name: design_doc, path: true, required: true}]
    visibility: {mode: none}
  - {id: take, agent: Reader, prompt: Take over, depends_on: [design]}
`;

  it('is asked for what it left out, and passes it on past any visibility', async () => {
    const settled = await bench.play(workflow('Design late'));

    expect(settled.run.status).toBe('succeeded');
    expect((await settled.output('take')).text).toBe('I was handed the document.');
  });

  it('passes it on to the step it names, though that asks for other inputs', async () => {
    const asking = (to: string) => `
name: handing
steps:
  - id: design
    agent: Reader
    prompt: Design late
    result: {schema: {type: object}}
    handoffs: [{name: design_doc, path: true, to: ${to}}]
  - {id: other, agent: Reader, prompt: Take note, depends_on: [design]}
  - {id: take, agent: Reader, prompt: Take over, inputs: [other]}
`;
    const named = await bench.play(asking('take'));
    const another = await bench.play(asking('other'));

    expect((await named.output('take')).text).toBe('I was handed the document.');
    expect((await another.output('take')).text).toBe('I was handed nothing.');
  });

  it.each(['Design nowhere', 'Design out', 'Design folder'])(
    'calls a person when the file is not there, or is none: %s',
    async (prompt) => {
      const settled = await bench.play(workflow(prompt));

      expect(settled.run.status).toBe('escalated');
      expect(settled.node('design').result?.headline).toMatch(/lacks `design_doc`/);
      expect(settled.node('take').status).not.toBe('completed');
    },
  );

  it('needs no more than a reason when there is nothing to hand over', async () => {
    const settled = await bench.play(workflow('Design without'));

    expect(settled.run.status).toBe('succeeded');
    expect((await settled.output('take')).text).toBe('I was handed nothing.');
  });
});

describe('a step that writes files for people', () => {
  const workflow = (prompt: string) => `
name: reporting
steps:
  - {id: write, agent: Writer, prompt: ${prompt}, report: [docs/out.md]}
`;

  const known = (prompt: string) => workflow(prompt).replace('docs/out.md', 'docs/known.md');

  it('is asked for a missing one, and its text stays with the run', async () => {
    const settled = await bench.play(workflow('Report'));

    expect((await settled.output('write')).text).toBe(
      'Reported.\n\n## File docs/out.md\n\n# Out\n\nWritten late.',
    );
    expect(settled.file('docs/out.md')).toBe('# Out\n\nWritten late.');
  });

  it('is sent back when the file is as it was before the step', async () => {
    const claimed = await bench.play(workflow('Claim').replace('docs/out.md', 'docs/old.md'));
    const repaired = await bench.play(known('Report known'));

    expect(claimed.node('write').reason).toMatchObject({ code: 'missing-report' });
    expect(repaired.run.status).toBe('succeeded');
    expect(repaired.file('docs/known.md')).toBe('# Known better');
  });

  it('may leave the file as it wrote it when it is visited again', async () => {
    const settled = await bench.play(`${known('Report known')}
  - {id: look, agent: Reader, prompt: Judge it, depends_on: [write], result: {schema: {type: object}}}
loops: {again: {from: look, to: write, trigger: look.verdict == "again", max: 1, on_exhaust: continue, stop_on_no_progress: false}}
`);

    expect(settled.run.status).toBe('succeeded');
    expect(settled.node('write')).toMatchObject({ status: 'completed', visit: 2 });
  });

  it('cannot hand out what lies outside the worktree', async () => {
    const settled = await bench.play(workflow('Report link'));

    expect(settled.run.status).toBe('succeeded');
    expect((await settled.output('write')).text).not.toContain('localhost');
  });
});

describe('a structured result', () => {
  const workflow = (prompt: string) => `
name: judged
steps:
  - id: judge
    agent: Reader
    prompt: ${prompt}
    result: {schema: {type: object}}
    routing_fields: [scale]
    status_field: status
  - {id: then, agent: Reader, prompt: Go on, depends_on: [judge]}
`;

  it('has every field the flow depends on', async () => {
    const settled = await bench.play(workflow('Say the scale'));

    expect(settled.node('judge')).toMatchObject({ status: 'completed', attempt: 1 });
    expect(settled.node('judge').result?.data).toEqual({ scale: 'small', status: 'completed' });
  });

  it('has a status of the vocabulary', async () => {
    const settled = await bench.play(workflow('Say a word'));

    expect(settled.node('judge').result).toMatchObject({
      statusRaw: 'needs_revision',
      outcome: 'revise',
    });
  });

  it('carries conditions forward as open items, and tells later steps', async () => {
    const settled = await bench.play(
      workflow('Review with conditions').replace('    routing_fields: [scale]\n', ''),
    );

    expect(settled.node('judge').result?.openItems).toEqual(['Add an index', 'Name the owner']);
    expect((await settled.output('then')).text).toBe('I saw the open items.');
  });

  it('keeps notes for the report', async () => {
    const settled = await bench.play(
      workflow('Review with notes').replace('    routing_fields: [scale]\n', ''),
    );

    expect(settled.node('judge').result?.notes).toEqual(['Consider a cache']);
  });

  it('is known again by its findings', async () => {
    const settled = await bench.play(
      workflow('Find faults').replace('    routing_fields: [scale]\n', ''),
    );

    expect(settled.node('judge').result?.fingerprint).toEqual(['high|b.js|r1', 'low|a.js|r2']);
  });
});

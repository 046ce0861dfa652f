import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git } from '#test/integration/workspace/fixtures.ts';
import { type Bench, openBench } from './bench.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({
    files: {
      'tasks.csv': 'id,title\na,First\nb,"Second, with a comma"\n',
      'tasks.json': '{"note": "for the list", "tasks": [{"id": "x"}, {"id": "y"}]}',
      'tasks.yml': '- {id: p}\n- {id: q}\n',
      'not-a-list.json': '{"a": 1}',
      'docs/tasks/02-wire.md': '---\ndepends_on: [01-base]\ntitle: Wire it\n---\n\nConnect both.\n',
      'docs/tasks/01-base.md': '---\ntitle: Lay the base\n---\n\nBegin here.\n',
      'docs/tasks/deep/ignored.md': 'no\n',
      'shared.txt': 'one\ntwo\nthree\n',
    },
    prompts: [
      {
        match: 'Plan tasks',
        steps: [
          {
            result: {
              tasks: [
                { id: 't1', file: 'one.txt' },
                { id: 't2', file: 'two.txt' },
              ],
            },
          },
        ],
      },
      { match: 'Plan prose', steps: [{ text: 'Here:\n\n```json\n["red", "blue"]\n```\n' }] },
      { match: 'Plan nothing', steps: [{ result: { tasks: 'none' } }] },
      {
        match: 'Write (?:<[^>]*>)?(?<file>[\\w./-]+)',
        steps: [
          { write: { path: '${file}', content: 'by ${file}\n' } },
          { text: 'Wrote ${file}.' },
        ],
      },
      {
        match: 'Change line (?<line>\\w+) to (?<to>\\w+)',
        steps: [
          { edit: { path: 'shared.txt', find: '${line}', replace: '${to}' } },
          { text: 'Changed ${line}.' },
        ],
      },
      { match: 'Read shared', steps: [{ text: 'ok' }] },
      { match: '^You are the Reader\\.\\n(?<all>SHOW[^\\n]*)', steps: [{ text: '${all}' }] },
    ],
  });
});
afterAll(() => bench.close());

const over = (items: string, prompt = 'SHOW {{ index }} {{ it }}', more = '') => `
name: over
steps:
  - {id: plan, agent: Reader, prompt: Plan tasks, result: {required_keys: [tasks]}}
  - {id: prose, agent: Reader, prompt: Plan prose}
  - id: each
    depends_on: [plan, prose]
    foreach:
      items: ${items}
      as: it
      max_parallel: 1
      ${more}
      steps:
        - {id: work, agent: Reader, prompt: "${prompt}"}
`;

async function texts(
  settled: Awaited<ReturnType<Bench['play']>>,
  count: number,
): Promise<string[]> {
  return Promise.all(
    Array.from(
      { length: count },
      async (_, index) => (await settled.output(`each[${index}]/work`)).text,
    ),
  );
}

describe('the items of a foreach', () => {
  it.each([
    ['a list in the file', '[one, two]', 'SHOW {{ index }} {{ it }}', ['one', 'two']],
    ['a result of a step', 'plan.tasks', 'SHOW {{ index }} {{ it.id }}', ['t1', 't2']],
    ['JSON in the answer of a step', 'prose', 'SHOW {{ index }} {{ it }}', ['red', 'blue']],
    [
      'a CSV file',
      '{file: tasks.csv}',
      'SHOW {{ index }} {{ it.title }}',
      ['First', 'Second, with a comma'],
    ],
    ['a JSON file', '{file: tasks.json}', 'SHOW {{ index }} {{ it.id }}', ['x', 'y']],
    ['a YAML file', '{file: tasks.yml}', 'SHOW {{ index }} {{ it.id }}', ['p', 'q']],
    [
      'task files',
      '{files: "docs/tasks/*.md"}',
      'SHOW {{ index }} {{ it.title }}',
      ['Lay the base', 'Wire it'],
    ],
  ])('come from %s', async (_, items, prompt, expected) => {
    const settled = await bench.play(over(items, prompt));

    expect(settled.run.status).toBe('succeeded');
    const said = await texts(settled, 2);
    expect(said.map((text) => text.replaceAll(/<[^>]*>/g, ''))).toEqual(
      expected.map((item, index) => `SHOW ${index} ${item}`),
    );
  });

  it('carry the text and the order of task files', async () => {
    const settled = await bench.play(
      over('{files: "docs/tasks/*.md"}', 'SHOW {{ it.path }} {{ it.body }}'),
    );

    expect(settled.node('each').items).toEqual([
      { id: '01-base', path: 'docs/tasks/01-base.md', title: 'Lay the base', body: 'Begin here.' },
      {
        id: '02-wire',
        path: 'docs/tasks/02-wire.md',
        title: 'Wire it',
        depends_on: ['01-base'],
        body: 'Connect both.',
      },
    ]);
  });

  it('are read as the run has left the files', async () => {
    const settled = await bench.play(`
name: late
steps:
  - {id: make, run: "printf 'id\\\\nlate\\\\n' > tasks.csv"}
  - id: each
    depends_on: [make]
    foreach: {items: {file: tasks.csv}, as: it, steps: [{id: work, agent: Reader, prompt: "SHOW {{ it.id }}"}]}
`);

    expect((await settled.output('each[0]/work')).text).toContain('late');
  });

  it.each([
    ['a file that is not there', '{file: none.csv}', 'There is no file `none.csv`'],
    ['a file without a list', '{file: not-a-list.json}', 'it is no list'],
    ['an output that is not there', 'plan.nothing', 'There is no `plan.nothing`'],
  ])('are an error that says what is wrong: %s', async (_, items, message) => {
    const settled = await bench.play(over(items));

    expect(settled.node('each').reason).toMatchObject({ code: 'invalid-items' });
    expect(settled.node('each').reason?.message).toContain(message);
  });

  it('are seen together by the steps that follow', async () => {
    const settled = await bench.play(`${over('[one, two]')}
  - {id: after, agent: Reader, prompt: "SHOW {{ each | replace('\\n', ' ') }}", depends_on: [each]}
`);

    const { text } = await settled.output('after');
    expect(text).toMatch(/Item 1.*SHOW 0.*Item 2.*SHOW 1/);
  });
});

describe('a called workflow', () => {
  it('gets its parameters rendered, and gives back what it returns', async () => {
    const callee = `
name: callee
params: {what: {type: string, required: true}, how: {type: string, default: "plain {x}"}}
steps:
  - {id: inner, agent: Reader, prompt: "SHOW {{ params.what }} {{ params.how }}"}
`;
    const settled = await bench.play(
      `
name: caller
steps:
  - {id: plan, agent: Reader, prompt: Plan tasks, result: {required_keys: [tasks]}}
  - {id: sub, depends_on: [plan], call: {workflow: callee, params: {what: "{{ plan.tasks[0].id }}"}, returns: {said: inner}}}
  - {id: after, agent: Reader, prompt: "SHOW {{ sub.said }}", depends_on: [sub]}
`,
      { others: [callee] },
    );

    expect(settled.run.status).toBe('succeeded');
    expect((await settled.output('sub/inner')).text.replaceAll(/<[^>]*>/g, '')).toBe(
      'SHOW t1 plain {x}',
    );
  });
});

describe('isolated members', () => {
  const group = (first: string, second: string, more = '') => `
name: side-by-side
steps:
  - id: both
    group:
      steps:
        - {id: a, agent: Writer, prompt: "${first}", workspace: isolated}
        - {id: b, agent: Writer, prompt: "${second}", workspace: isolated}
  - {id: check, run: "cat one.txt two.txt shared.txt; true", workspace: read, depends_on: [both]}
${more}`;

  it('work in worktrees of their own and are merged in declared order', async () => {
    const settled = await bench.play(group('Write one.txt', 'Write two.txt'));

    expect(settled.run.status).toBe('succeeded');
    expect(settled.file('one.txt')).toBe('by one.txt');
    expect(settled.file('two.txt')).toBe('by two.txt');
    expect((await settled.output('check')).text).toContain('by one.txt\nby two.txt');
    expect(settled.node('both').result?.data).toMatchObject({
      merge: { status: 'merged', members: ['both/a', 'both/b'] },
    });
    expect(git(bench.origin.bare, 'log', '--format=%s', '--merges', settled.branch)).not.toBe('');
  });

  it('leave no branch behind once they are merged', async () => {
    const settled = await bench.play(group('Write one.txt', 'Write two.txt'));

    const branches = bench.origin.branches().filter((name) => name.startsWith(settled.branch));
    expect(branches).toEqual([settled.branch]);
  });

  it('may change different lines of one file', async () => {
    const settled = await bench.play(group('Change line one to ONE', 'Change line three to THREE'));

    expect(settled.file('shared.txt')).toBe('ONE\ntwo\nTHREE');
  });

  it('are merged with all they committed, though a later round changed nothing', async () => {
    const settled = await bench.play(`
name: rounds
steps:
  - id: each
    foreach:
      items: [one]
      as: it
      loops: {again: {from: test, to: make, max: 1, on_exhaust: continue}}
      steps:
        - {id: make, run: "{% if loop_context %}true{% else %}echo x > made.txt{% endif %}", workspace: isolated}
        - {id: test, run: "false", workspace: read, depends_on: [make]}
`);

    expect(settled.file('made.txt')).toBe('x');
  });

  it('that conflict are an outcome, not a crash', async () => {
    const settled = await bench.play(group('Change line two to left', 'Change line two to right'));

    expect(settled.run.status).toBe('escalated');
    expect(settled.node('both').result).toMatchObject({
      outcome: 'redesign',
      fingerprint: ['shared.txt'],
    });
    expect(settled.node('both').result?.headline).toBe(
      'The work of both/b conflicts in shared.txt.',
    );
    expect(settled.file('shared.txt')).toBeUndefined();
  });

  it('of a foreach keep their tree through all their steps', async () => {
    const settled = await bench.play(`
name: each-alone
steps:
  - id: each
    foreach:
      items: [one.txt, two.txt]
      as: it
      max_parallel: 2
      steps:
        - {id: make, agent: Writer, prompt: "Write {{ it }}", workspace: isolated}
        - {id: look, run: "ls *.txt", workspace: read, depends_on: [make]}
        - {id: more, run: "echo more >> {{ it }}", workspace: isolated, depends_on: [look]}
`);

    expect(settled.run.status).toBe('succeeded');
    expect((await settled.output('each[0]/look')).text).toContain('one.txt\nshared.txt');
    expect((await settled.output('each[1]/look')).text).toContain('shared.txt\ntwo.txt');
    expect([settled.file('one.txt'), settled.file('two.txt')]).toEqual([
      'by one.txt\nmore',
      'by two.txt\nmore',
    ]);
  });
});

describe('a writer at work', () => {
  it('is not disturbed by items, members and steps that need nothing of its worktree', async () => {
    const settled = await bench.play(`
name: disturb
steps:
  - {id: write, run: "echo half > half.txt; sleep 2; echo whole >> half.txt"}
  - {id: rows, foreach: {items: {file: tasks.csv}, as: it, steps: [{id: row, agent: Reader, prompt: "SHOW {{ it.id }}", workspace: none}]}}
  - id: aside
    group:
      steps:
        - {id: member, agent: Writer, prompt: Write one.txt, workspace: isolated}
  - {id: look, run: "ls", workspace: none}
`);

    expect(settled.run.status).toBe('succeeded');
    expect(settled.file('half.txt')).toBe('half\nwhole');
    expect(settled.file('one.txt')).toBe('by one.txt');
    expect((await settled.output('look')).text).not.toContain('half.txt');
  });
});

describe('a loop with `workspace: rewind`', () => {
  it('takes the files back to where they were before its target, and the branch only goes forward', async () => {
    const settled = await bench.play(`
name: rewind
steps:
  - {id: base, run: "echo base > base.txt"}
  - {id: build, run: "{% if loop_context %}ls > seen.txt{% else %}echo bad > bad.txt{% endif %}", depends_on: [base]}
  - {id: test, run: "test ! -f bad.txt", workspace: read, depends_on: [build]}
loops:
  again: {from: test, to: build, workspace: rewind}
`);

    expect(settled.run.status).toBe('succeeded');
    expect(settled.file('bad.txt')).toBeUndefined();
    expect(settled.file('seen.txt')).not.toContain('bad.txt');
    expect(settled.file('base.txt')).toBe('base');
    expect(commitsOf(settled.branch)).toBe(3);
  });

  it('takes them back for a target that only reads, too', async () => {
    const settled = await bench.play(`
name: replan
steps:
  - {id: plan, agent: Reader, prompt: Read shared}
  - {id: build, run: "{% if plan %}true{% endif %}; test -f ../second || echo bad > bad.txt; echo x >> log.txt", depends_on: [plan]}
  - {id: test, run: "test $(cat log.txt | wc -l) -eq 2", workspace: read, depends_on: [build]}
loops:
  again: {from: test, to: plan, workspace: rewind, max: 1, on_exhaust: continue}
`);

    expect(settled.node('plan').visit).toBe(2);
    expect(settled.node('plan').commit).not.toBeNull();
    expect(settled.file('log.txt')).toBe('x');
    expect(commitsOf(settled.branch)).toBe(3);
  });

  it.each([
    { what: 'a group', step: 'group: {steps: [{id: make, run: "echo x >> log.txt"}]}' },
    { what: 'a step that does nothing', step: 'noop: true' },
  ])('takes them back for $what, and to before the first commit', async ({ step }) => {
    const settled = await bench.play(`
name: redo
steps:
  - {id: many, ${step}}
  - {id: build, run: "echo x >> log.txt; cp log.txt seen.txt", depends_on: [many]}
  - {id: test, run: "false", workspace: read, depends_on: [build]}
loops:
  again: {from: test, to: many, workspace: rewind, max: 1, on_exhaust: continue}
`);
    const once = step.startsWith('group') ? 'x\nx' : 'x';

    expect(settled.node('many').visit).toBe(2);
    expect(settled.file('seen.txt')).toBe(once);
    expect(commitsOf(settled.branch)).toBe(step.startsWith('group') ? 5 : 3);
  });

  it('takes back the files of one item alone, to where they were before its target', async () => {
    const settled = await bench.play(`
name: rewind-items
steps:
  - {id: first, run: "echo shared > first.txt"}
  - id: each
    depends_on: [first]
    foreach:
      items: [one, two]
      as: it
      max_parallel: 2
      loops: {again: {from: test, to: build, workspace: rewind}}
      steps:
        - {id: base, run: "echo base > base-{{ it }}.txt", workspace: isolated}
        - {id: build, run: "{% if loop_context %}ls > seen-{{ it }}.txt{% else %}echo bad > bad-{{ it }}.txt{% endif %}", workspace: isolated, depends_on: [base]}
        - {id: test, run: "test {{ it }} = two || test ! -f bad-{{ it }}.txt", workspace: read, depends_on: [build]}
`);

    expect(settled.run.status).toBe('succeeded');
    expect(settled.file('seen-one.txt')).toMatch(/base-one\.txt\n[^]*first\.txt/);
    expect(settled.file('seen-one.txt')).not.toContain('bad-one.txt');
    expect(settled.file('bad-one.txt')).toBeUndefined();
    expect(settled.file('base-one.txt')).toBe('base');
    expect(settled.file('bad-two.txt')).toBe('bad');
  });

  it.each([
    { what: 'does nothing', step: 'noop: true' },
    { what: 'is a group', step: 'group: {steps: [{id: make, run: "true"}]}' },
  ])('takes back the files of a called workflow for a target that $what', async ({ step }) => {
    const settled = await bench.play(
      `
name: rewind-call
steps:
  - id: both
    group:
      steps:
        - {id: a, call: {workflow: tries}}
        - {id: b, run: "echo b > b.txt", workspace: isolated}
`,
      {
        others: [
          `
name: tries
steps:
  - {id: base, run: "echo base > base.txt", workspace: isolated}
  - {id: start, ${step}, depends_on: [base]}
  - {id: build, run: "echo x >> log.txt; cp log.txt seen.txt", workspace: isolated, depends_on: [start]}
  - {id: test, run: "false", workspace: read, depends_on: [build]}
loops:
  again: {from: test, to: start, workspace: rewind, max: 1, on_exhaust: continue}
`,
        ],
      },
    );

    expect(settled.node('both/a/start').visit).toBe(2);
    expect(settled.file('seen.txt')).toBe('x');
    expect(settled.file('base.txt')).toBe('base');
    expect(settled.file('b.txt')).toBe('b');
  });

  it('keeps the files with `workspace: keep`', async () => {
    const settled = await bench.play(`
name: keep
steps:
  - {id: build, run: "echo x >> log.txt"}
  - {id: test, run: "test $(cat log.txt | wc -l) -eq 2", workspace: read, depends_on: [build]}
loops:
  again: {from: test, to: build}
`);

    expect(settled.file('log.txt')).toBe('x\nx');
  });
});

function commitsOf(branch: string): number {
  return Number(git(bench.origin.bare, 'rev-list', '--count', `main..${branch}`));
}

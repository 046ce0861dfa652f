import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench } from './bench.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({
    files: { 'data/list.txt': 'a\nb\n' },
    secrets: ['correct-horse-battery'],
    prompts: [
      {
        match: 'Repair (?<what>.*)',
        steps: [{ write: { path: 'fixed', content: 'yes' } }, { text: 'Repaired.' }],
      },
    ],
  });
});
afterAll(() => bench.close());

describe('a step with a command', () => {
  it('runs in the worktree and keeps what it printed, its exit code and its time', async () => {
    const settled = await bench.play(`
name: count
steps:
  - {id: lines, run: wc -l < data/list.txt, workspace: read}
`);

    const { text, data } = await settled.output('lines');
    expect(settled.run.status).toBe('succeeded');
    expect(text).toMatch(/^`wc -l < data\/list.txt` ended with exit code 0 after \d/);
    expect(text).toContain('2');
    expect(data).toMatchObject({ exit_code: 0, duration_ms: expect.any(Number), truncated: false });
  });

  it('hands its result to the next one without any agent', async () => {
    const settled = await bench.play(`
name: chain
steps:
  - {id: facts, run: "printf '{\\"count\\": 3, \\"words\\": \\"it is; rm x\\"}'", workspace: read, result: {required_keys: [count]}}
  - {id: use, run: "echo got {{ facts.count }} and {{ facts.words }}", workspace: read, depends_on: [facts]}
`);

    expect((await settled.output('use')).text).toContain('got 3 and it is; rm x');
    expect(settled.run.counters.usage.inputTokens).toBe(0);
  });

  it('commits and pushes what it changed', async () => {
    const settled = await bench.play(`
name: change
steps:
  - {id: make, run: "mkdir -p out && echo made > out/file.txt"}
`);

    expect(settled.file('out/file.txt')).toBe('made');
    expect(settled.node('make').commit).toBe(settled.run.headSha);
  });

  it('cannot change anything in a worktree it may only read', async () => {
    const settled = await bench.play(`
name: look
steps:
  - {id: touch, run: echo x > new-file, workspace: read}
`);

    expect(settled.node('touch')).toMatchObject({
      status: 'failed',
      reason: { code: 'exit-code' },
    });
    expect(settled.file('new-file')).toBeUndefined();
  });

  it('reaches no network and sees nothing of our environment', async () => {
    process.env['OURS_ALONE'] = 'not for commands';
    const settled = await bench.play(`
name: closed
steps:
  - {id: env, run: "env; cat /etc/passwd; ls -d /etc/hostname /root; cat /proc/net/dev | grep -c eth; true", workspace: read}
`);

    const { text } = await settled.output('env');
    expect(text).not.toMatch(/OURS_ALONE|VITEST/);
    expect(text).toContain('agent:x:1000');
    expect(text.match(/No such file/g)).toHaveLength(2);
    expect(text.trimEnd()).toMatch(/\n0$/);
  });

  it('is stopped at its time limit, tried once more, and says how to go on', async () => {
    const settled = await bench.play(`
name: slow
steps:
  - {id: wait, run: {line: "echo begun; sleep 30", timeout: 300ms}, workspace: read}
`);

    const state = settled.node('wait');
    expect(state).toMatchObject({ status: 'failed', attempt: 2, reason: { code: 'timeout' } });
    expect(state.reason?.message).toContain('/sluice retry wait');
    expect((await settled.output('wait')).text).toContain('begun');
  });

  it('keeps the beginning and the end of a long output', async () => {
    const settled = await bench.play(`
name: long
steps:
  - {id: many, run: {line: "echo first; seq 1 100000; echo last", max_output_bytes: 2000}, workspace: read}
`);

    const { text, data } = await settled.output('many');
    expect(text).toContain('first');
    expect(text).toContain('last');
    expect(text).toMatch(/\[\d+ bytes cut out here\]/);
    expect(text.length).toBeLessThan(3_000);
    expect(data).toMatchObject({ truncated: true });
  });

  it('never shows a secret', async () => {
    const settled = await bench.play(`
name: leak
steps:
  - {id: print, run: "echo correct-horse-battery; echo ghp_ABCDEFGHIJKLMNOPQRST1234", workspace: read}
`);

    const { text } = await settled.output('print');
    expect(text.match(/\[secret removed\]/g)).toHaveLength(4);
    expect(text).not.toContain('correct-horse');
  });

  it.each([
    ['a denied program', '{line: "echo ok; curl http://x", deny: [curl]}', '`curl` is on the list'],
    [
      'a denied program inside a script',
      '{line: sh -c "curl x", deny: [curl]}',
      '`curl` is on the list',
    ],
    [
      'a program that is not allowed',
      '{line: "git log | node -e 1", allow: [git]}',
      '`node` is not on',
    ],
    [
      'a program nobody can know',
      '{line: "$PROGRAM x", allow: [git]}',
      'cannot be told beforehand',
    ],
  ])('is refused before it starts: %s', async (_, run, message) => {
    const settled = await bench.play(`
name: refused
steps:
  - {id: bad, run: ${run}, workspace: read}
`);

    const { status, reason, attempt } = settled.node('bad');
    expect({ status, code: reason?.code, attempt }).toEqual({
      status: 'failed',
      code: 'command-refused',
      attempt: 1,
    });
    expect(reason?.message).toContain(message);
  });

  it('stops the run when it fails and nobody asks how it ended', async () => {
    const settled = await bench.play(`
name: broken
steps:
  - {id: test, run: "echo 'not ok 1 - adds'; exit 3", workspace: read}
  - {id: next, run: echo never, workspace: read, depends_on: [test]}
`);

    expect(settled.run.status).toBe('failed');
    expect(settled.node('test').reason?.message).toContain('exit code 3');
    expect(settled.node('next').status).toBe('blocked');
    expect((await settled.output('test')).text).toContain('not ok 1 - adds');
  });

  it('is an answer where the workflow asks how it ended', async () => {
    const settled = await bench.play(`
name: asked
steps:
  - {id: test, run: exit 3, workspace: read}
  - {id: mend, run: "echo mending", workspace: read, depends_on: [test], when: test.exit_code != 0}
  - {id: praise, run: "echo praise", workspace: read, depends_on: [test], when: test.exit_code == 0}
`);

    expect(settled.run.status).toBe('succeeded');
    expect(settled.node('mend').status).toBe('completed');
    expect(settled.node('praise')).toMatchObject({ status: 'skipped', reason: { code: 'pruned' } });
  });

  it('sends an agent back with what it printed, until it passes', async () => {
    const settled = await bench.play(`
name: heal
steps:
  - {id: build, agent: Writer, prompt: "{% if loop_context %}Repair it{% else %}Build it{% endif %}"}
  - {id: test, run: "echo 'not ok 1 - works'; test -f fixed", workspace: read, depends_on: [build]}
loops:
  again: {from: test, to: build}
`);

    expect(settled.run.status).toBe('succeeded');
    expect(settled.node('build').visit).toBe(2);
    expect(settled.node('build').loopContext?.failures).toEqual(['not ok - works']);
    expect(settled.file('fixed')).toBe('yes');
  });

  it('ends a loop in which the same test fails again', async () => {
    const settled = await bench.play(`
name: stuck
steps:
  - {id: build, agent: Writer, prompt: Build it}
  - {id: test, run: "echo 'not ok 1 - works # 12ms'; exit 1", workspace: read, depends_on: [build]}
loops:
  again: {from: test, to: build}
`);

    expect(settled.node('build').visit).toBe(2);
    expect(settled.run.status).toBe('escalated');
    expect(await settled.history('test')).toContain('loop again');
  });
});

describe("the repository's own commands", () => {
  const WORKFLOW = `
name: own
steps:
  - {id: test, run: config:test, workspace: read}
`;

  it('are those the run was started with', async () => {
    const settled = await bench.play(WORKFLOW, { commands: { test: 'echo own tests' } });

    expect((await settled.output('test')).text).toContain('own tests');
  });

  it('say what to write where when there is none', async () => {
    const settled = await bench.play(WORKFLOW);

    expect(settled.node('test').reason).toMatchObject({ code: 'missing-requirement' });
    expect(settled.node('test').reason?.message).toContain('commands: {test: …}');
  });

  it('let an optional step step aside when there is none', async () => {
    const settled = await bench.play(`
name: own
steps:
  - {id: lint, run: config:lint, workspace: read, optional: true}
  - {id: after, run: echo done, workspace: read, depends_on: [lint]}
`);

    expect(settled.run.status).toBe('succeeded');
    expect(settled.node('lint')).toMatchObject({ status: 'skipped', reason: { code: 'waived' } });
  });
});

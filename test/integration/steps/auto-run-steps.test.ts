import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALLABLES } from '#src/plan/callables.ts';
import { FUNCTIONS } from '#src/steps/callables/registry.ts';
import { type Bench, openBench } from './bench.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({
    files: { 'src/a.ts': 'a\n', 'src/deep/b.ts': 'b\n', 'docs/c.md': 'c\n' },
  });
});
afterAll(() => bench.close());

const call = (spec: string, before = '') => `
name: call
steps:
  - {id: change, run: "echo more >> src/a.ts && echo new > new.txt"}
  ${before}
  - {id: step, depends_on: [change], auto_run: {${spec}}}
`;

async function dataOf(workflow: string) {
  const settled = await bench.play(workflow);
  expect(settled.node('step').reason).toBeNull();
  return (await settled.output('step')).data;
}

describe('a registered function', () => {
  it('has an implementation for every name, and a name for every implementation', () => {
    expect(Object.keys(FUNCTIONS).toSorted()).toEqual(Object.keys(CALLABLES).toSorted());
  });

  it('tells what the run has changed', async () => {
    expect(await dataOf(call('callable: git.diff_stat, kwargs: {limit: 1}'))).toEqual({
      files: 2,
      additions: 2,
      deletions: 0,
      changed: [{ path: 'new.txt', status: 'added', additions: 1, deletions: 0 }],
    });
    expect(await dataOf(call('callable: git.changed_files'))).toEqual({
      files: ['new.txt', 'src/a.ts'],
      count: 2,
    });
  });

  it('reads and lists files as the run left them', async () => {
    expect(await dataOf(call('callable: repo.read_file, kwargs: {path: src/a.ts}'))).toEqual({
      path: 'src/a.ts',
      text: 'a\nmore\n',
      bytes: 7,
      truncated: false,
    });
    expect(await dataOf(call('callable: repo.list_files, kwargs: {glob: "src/**/*.ts"}'))).toEqual({
      files: ['src/a.ts', 'src/deep/b.ts'],
      count: 2,
      truncated: false,
    });
  });

  it('takes its arguments from earlier results, and leaves out what is not there', async () => {
    const before = `- {id: where, run: "printf '{\\"path\\": \\"docs/c.md\\"}'", workspace: read, result: {required_keys: [path]}, depends_on: [change]}`;
    const workflow = call(
      'callable: repo.read_file, input_map: {path: where.path, max_bytes: where.nothing}',
      before,
    );

    expect(await dataOf(workflow)).toMatchObject({ path: 'docs/c.md', text: 'c\n' });
  });

  it('reads an output of the run and the history of the repository', async () => {
    const output = await dataOf(call('callable: runs.output, kwargs: {name: change}'));
    const history = await dataOf(
      call('callable: runs.history, kwargs: {workflow: call, limit: 2}'),
    );

    expect(output).toMatchObject({ name: 'change', data: { exit_code: 0 } });
    expect(history).toMatchObject({
      count: 2,
      runs: [{ workflow: 'call', status: 'succeeded' }, {}],
    });
  });

  it('chains with others without any agent', async () => {
    const settled = await bench.play(`
name: chain
steps:
  - {id: files, auto_run: {callable: repo.list_files, kwargs: {glob: "docs/*"}}}
  - {id: first, auto_run: {callable: repo.read_file, input_map: {path: files.files.0}}, depends_on: [files]}
  - {id: count, run: "printf '%s' {{ first.text }} | wc -c", workspace: read, depends_on: [first]}
`);

    expect(settled.run.status).toBe('succeeded');
    expect((await settled.output('count')).text).toContain('\n\n2');
    expect(settled.run.counters.usage).toEqual({ inputTokens: 0, outputTokens: 0, usd: null });
  });

  it.each([
    ['kwargs: {path: nowhere.md}', 'There is no file `nowhere.md`'],
    ['kwargs: {path: ../../etc/passwd}', 'There is no file'],
    ['kwargs: {path: 5}', 'has to be a text'],
  ])('fails once and says why with %s', async (args, message) => {
    const settled = await bench.play(call(`callable: repo.read_file, ${args}`));

    const { status, attempt, reason } = settled.node('step');
    expect({ status, attempt, code: reason?.code }).toEqual({
      status: 'failed',
      attempt: 1,
      code: 'callable-refused',
    });
    expect(reason?.message).toContain(message);
  });

  it('that crashes is not called again', async () => {
    const settled = await bench.play(call('callable: github.issue'));

    expect(settled.node('step')).toMatchObject({
      status: 'failed',
      attempt: 1,
      reason: { code: 'crashed' },
    });
  });

  it('that does not answer in time is called once more, and says what to do', async () => {
    const settled = await bench.play(call('callable: git.diff_stat, timeout: 1ms'));

    const { status, attempt, reason } = settled.node('step');
    expect({ status, attempt, code: reason?.code }).toEqual({
      status: 'failed',
      attempt: 2,
      code: 'timeout',
    });
    expect(reason?.message).toContain('look before you repeat it. `/sluice retry step`');
  });

  it('gives what its step promises', async () => {
    const settled = await bench.play(`
name: promised
steps:
  - {id: step, auto_run: {callable: repo.list_files}, result: {required_keys: [files], min_items: {files: 100}}}
`);

    expect(settled.node('step').reason).toMatchObject({ code: 'invalid-result' });
  });
});

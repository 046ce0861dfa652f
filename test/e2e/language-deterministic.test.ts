import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';

const CHAIN = `
name: chain
steps:
  - {id: issue, auto_run: {callable: github.issue}}
  - {id: change, run: "printf '%s' {{ issue.title }} > title.txt", depends_on: [issue]}
  - {id: pull, auto_run: {callable: github.pull_request}, depends_on: [change], retries: 1, optional: true}
  - {id: test, run: config:test, workspace: read, depends_on: [change]}
`;

const REVIEW = `
name: review
steps:
  - {id: files, auto_run: {callable: github.pull_request_files}}
  - {id: note, run: "echo {{ files.files[0].path }}", workspace: read, depends_on: [files]}
`;

const BROKEN = `
name: broken
steps:
  - {id: wrong, auto_run: {callable: git.dif_stat}}
  - {id: odd, auto_run: {callable: repo.read_file, kwargs: {pth: README.md}}}
`;

describe('deterministic steps on GitHub', () => {
  const stage = useStage({
    workflows: { chain: CHAIN, review: REVIEW },
    files: { '.github/sluice/config.yml': 'commands:\n  test: grep -q Title title.txt\n' },
  });

  it('run as a chain without any agent, with the command of the repository', async () => {
    const { number } = await stage.issue("Title with 'quotes' and $(no) surprises");
    await stage.github.as('bob').label(number, 'sluice:chain');

    await eventually('the end', () => stage.github.labels(number).includes('sluice:done'));

    await stage.calm();
    const branch = stage.github.branches().find((name) => name.startsWith(`sluice/${number}-`));
    expect(await stage.github.fileAt(branch ?? '', 'title.txt')).toBe(
      "Title with 'quotes' and $(no) surprises",
    );
  });

  it('read what a pull request changes', async () => {
    const bob = stage.github.as('bob');
    await bob.pushCommit('topic', { 'src/new.js': 'new\n' });
    const pull = await bob.createPull({ title: 'A topic', head: 'topic', base: 'main' });
    await bob.label(pull.number, 'sluice:review');

    const run = await eventually('the end', async () => {
      const [comment] = await ownComments(stage.github, pull.number, 'run');
      return comment?.body.includes('### ✅ review') === true ? comment : undefined;
    });

    expect(run.body).toContain('number');
  });
});

describe('what is wrong beforehand', () => {
  const stage = useStage({
    workflows: { broken: BROKEN },
    files: { '.github/sluice/config.yml': 'comands: {test: npm test}\n' },
  });

  it('starts nothing: an unknown function, an unknown argument, an unknown setting', async () => {
    const { number } = await stage.issue('Start what is broken');
    await stage.github.as('bob').label(number, 'sluice:broken');

    const answers = await eventually('an answer', async () => {
      const found = await stage.answers(number);
      return found.length > 0 ? found : undefined;
    });

    expect(answers[0]).toContain('Did you mean `commands`?');
    expect(answers[0]).toContain('there is no function `git.dif_stat`');
    expect(answers[0]).toContain('Did you mean `git.diff_stat`?');
    expect(answers[0]).toContain('`repo.read_file` has no argument `pth`. Did you mean `path`?');
  });

  it('stops built-in workflows as well, as long as the settings cannot be read', async () => {
    const { number } = await stage.issue('Start a built-in');
    await stage.github.as('bob').label(number, 'sluice:feature');

    const [answer] = await stage.answers(number);

    expect(answer).toContain('config.yml');
    expect(await ownComments(stage.github, number, 'run')).toEqual([]);
  });
});

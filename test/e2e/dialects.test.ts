import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { example } from '#test/support/language/dialect-folder.ts';
import { failingTests, GOOD } from '#test/support/language/phase-answers.ts';
import type { ScriptEntry } from '#test/support/scripted/scenario.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { headlineOf } from '#test/support/story/watch.ts';

const FOLDER = '.github/sluice';

/** What the agent does when its prompt has these words. */
function phase(words: string, answer: { data?: unknown }, more: Partial<ScriptEntry> = {}) {
  const { steps = [], ...rest } = more;
  return {
    match: words,
    ...rest,
    steps: [...steps, { text: 'I have done my part.' }, { result: answer.data }],
  };
}

const PHASES: readonly ScriptEntry[] = [
  phase('Try fenced', GOOD['build'] ?? {}, {
    steps: [
      { shell: 'echo pushed > pushed.txt && git push origin HEAD' },
      { shell: 'echo fetched > fetched.txt; /usr/bin/curl https://example.com/@bob' },
      { shell: 'echo built > built.txt' },
    ],
  }),
  phase('You plan the correction of a defect', GOOD['plan'] ?? {}),
  phase('You build what was planned[^]*This change was built already', GOOD['build'] ?? {}, {
    steps: [{ write: { path: 'src/greet.js', content: 'export const greet = 2;\n' } }],
  }),
  phase('You build what was planned', GOOD['build'] ?? {}, {
    steps: [{ write: { path: 'src/greet.js', content: 'export const greet = 1;\n' } }],
  }),
  phase('You find out whether the change works', failingTests('greets', 'parts'), { times: 1 }),
  phase('You find out whether the change works', GOOD['test'] ?? {}),
  phase('You review the change', GOOD['review'] ?? {}),
  phase('You write down what changed', GOOD['document'] ?? {}, {
    steps: [{ write: { path: 'CHANGELOG.md', content: '# Changelog\n' } }],
  }),
  phase('You prepare the hand-over', GOOD['deploy_prepare'] ?? {}),
  phase('You check that the change is ready', GOOD['deploy'] ?? {}),
  phase('You look back at this run', GOOD['monitor'] ?? {}),
];

const stage = useStage({
  files: {
    'src/greet.js': 'export const greet = 0;\n',
    [`${FOLDER}/workflow.yaml`]: example('agentic-layer/enterprise.yaml'),
    [`${FOLDER}/commands/explain.md`]: '---\ndescription: Explains\n---\nExplain ${task}.\n',
    [`${FOLDER}/workflows/guarded.yml`]:
      'phases: [build]\ngates: {}\ntools: {configs: {file_system: tools/guarded.yaml}}\n',
    [`${FOLDER}/workflows/fenced.yml`]:
      'phases: [build]\ngates: {}\ntools: {configs: {code_execution: tools/fenced.yaml}}\n',
    [`${FOLDER}/tools/fenced.yaml`]: 'shell: {denied_commands: [git push, curl]}\n',
    [`${FOLDER}/tools/guarded.yaml`]: 'write: {denied_paths: [src/**]}\n',
    [`${FOLDER}/workflows/my-workflow.yml`]: example('agent007/my-workflow.yml'),
    [`${FOLDER}/workflows/morning.yaml`]: example('work-buddy/morning.yaml'),
    [`${FOLDER}/workflows/review.yml`]:
      'name: review\nsteps:\n  - {name: plan, persona: planner, instruction: Plan it., rules: []}\n',
    [`${FOLDER}/config.yml`]: 'commands:\n  test: npm test\n',
  },
  prompts: PHASES,
});

async function runOf(workflow: string, labels: readonly string[] = []): Promise<number> {
  const { number } = await stage.issue(`Try ${workflow}`);
  for (const label of labels) await stage.github.as('bob').label(number, label);
  await stage.github.as('bob').label(number, `sluice:${workflow}`);
  return number;
}

/** Headline of the run comment once the run is over. */
function ended(issue: number): Promise<string> {
  return eventually(
    'the end of the run',
    async () => {
      const [comment] = await ownComments(stage.github, issue, 'run');
      const headline = headlineOf(comment?.body ?? '');
      return /[✅❌🆘]|failed|stopped|attention/u.test(headline) ? headline : undefined;
    },
    60_000,
  );
}

describe('a workflow of another dialect in a repository', () => {
  it('Agentic Layer: the enterprise example goes from a bug to a pull request, with one rebuild', async () => {
    const issue = await runOf('sdlc', ['bug']);

    expect(await ended(issue)).toContain('✅');
    const [comment] = await ownComments(stage.github, issue, 'run');
    for (const step of ['plan', 'after_test', 'deploy_prepare', 'monitor']) {
      expect(comment?.body).toContain(step);
    }
    const [pull] = await stage.github.pulls();
    const commits = await stage.github.commits(pull?.head.ref ?? '');
    const steps = commits.flatMap(({ message }) => /^Sluice-Step: (.+)$/m.exec(message)?.[1] ?? []);
    expect(steps.toReversed()).toEqual(['build', 'build', 'document']);
  });

  it('Agentic Layer: a step that changes what its tools deny is stopped, and nothing is pushed', async () => {
    const issue = await runOf('guarded');

    const [comment] = await eventually('the refusal', async () => {
      const comments = await ownComments(stage.github, issue, 'run');
      return comments.some(({ body }) => body.includes('src/greet.js')) ? comments : undefined;
    });
    expect(comment?.body).toContain('does not let it change');
    const branches = stage.github.branches().filter((name) => name.startsWith(`sluice/${issue}-`));
    expect(branches).toEqual([]);
  });

  it('Agentic Layer: a command its tools deny is refused, the run goes on, and its history says so', async () => {
    const issue = await runOf('fenced');

    expect(await ended(issue)).toContain('✅');
    const [comment] = await ownComments(stage.github, issue, 'run');
    expect(comment?.body).toContain('`build` command refused · echo pushed');
    expect(comment?.body).toMatch(/`build` command refused · .*curl `https:.*@bob`/);
    expect(comment?.body).not.toContain('echo built');
    const [pull] = (await stage.github.pulls()).filter(({ head }) =>
      head.ref.startsWith(`sluice/${issue}-`),
    );
    const { files } = await stage.github.changes(pull?.number ?? 0);
    expect(files.map(({ filename }) => filename)).toEqual(['built.txt']);
  });

  it('agent007: the documented example runs as it is', async () => {
    expect(await ended(await runOf('my-workflow'))).toContain('✅');
  });

  it('work-buddy: the documented example calls its function and ends', async () => {
    expect(await ended(await runOf('morning'))).toContain('✅');
  });

  it('is listed with its commands, and TAKT is told that it is not supported yet', async () => {
    const { number } = await stage.issue('Ask');
    await stage.github.as('bob').comment(number, '/sluice list');
    await stage.github.as('bob').comment(number, '/sluice run review look');

    const answers = await stage.answers(number);
    const list = answers.find((text) => text.includes('my-workflow')) ?? '';
    for (const name of ['sdlc', 'morning', 'explain']) expect(list).toContain(name);
    expect(answers).toContainEqual(expect.stringContaining('this is a TAKT workflow'));
  });
});

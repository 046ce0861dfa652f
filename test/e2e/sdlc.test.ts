import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { failingTests, GOOD } from '#test/support/language/phase-answers.ts';
import type { ScriptEntry, ScriptStep } from '#test/support/scripted/scenario.ts';
import { openGate, ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { headlineOn, labelOn, ownPulls } from '#test/support/story/watch.ts';

const ROLES = {
  plan: 'You are the engineer who plans this change',
  build: 'You build what was planned',
  test: 'You find out whether the change works',
  review: 'You review the change before it goes to people',
  document: 'You write down what changed',
  deploy: 'You check that the change is ready to be handed over',
  monitor: 'You look back at this run',
};
type Phase = keyof typeof ROLES;

/** What a phase does for the issue with these words; without steps of its own it hands in that all is well. */
function entry(
  phase: Phase,
  words: string,
  steps: readonly ScriptStep[] = [],
  more: Partial<ScriptEntry> = {},
): ScriptEntry {
  const answer = steps.some((step) => 'result' in step) ? [] : [{ result: GOOD[phase]?.data }];
  return {
    match: `${ROLES[phase]}[^]*${words}`,
    steps: [{ text: `The ${phase} report.` }, ...steps, ...answer],
    ...more,
  };
}

/** Each phase of an issue, all well but for what is said before. */
function story(words: string, special: readonly ScriptEntry[] = []): readonly ScriptEntry[] {
  const usual: readonly ScriptEntry[] = [
    entry('plan', words),
    entry('build', words, [write(`src/${words}.js`, 'export const built = 1;\n')]),
    entry('test', words),
    entry('review', words),
    entry('document', words, [write('CHANGELOG.md', `# Changelog\n\n- ${words}\n`)]),
    entry('deploy', words),
    entry('monitor', words),
  ];
  return [...special, ...usual];
}

function write(path: string, content: string): ScriptStep {
  return { write: { path, content } };
}

const failing = (...ids: string[]): readonly ScriptStep[] => [
  { result: failingTests(...ids).data },
];

const WAIVED = 'ci_pipeline_pass: waived, the repository has no pipeline';

const stage = useStage({
  files: { '.github/sluice/config.yml': 'commands:\n  test: npm test\n' },
  prompts: [
    ...story('smooth'),
    ...story('bumpy', [
      entry('build', 'bumpy[^]*round 1 of at most 3[^]*cart\\.test\\.js adds', [
        write('src/bumpy.js', 'export const built = 2;\n'),
      ]),
      entry('test', 'bumpy', failing('cart.test.js adds'), { times: 1 }),
    ]),
    ...story('bare', [
      entry('deploy', 'bare', [
        { result: { ...(GOOD['deploy']?.data as object), notes: [WAIVED] } },
      ]),
    ]),
    ...story('stuck', [
      entry('test', 'stuck', failing('a', 'b', 'c', 'd'), { times: 1 }),
      entry('test', 'stuck', failing('a', 'b', 'c'), { times: 1 }),
      entry('test', 'stuck', failing('a', 'b'), { times: 1 }),
      entry('test', 'stuck', failing('a'), { times: 1 }),
      ...[1, 2, 3].map((round) =>
        entry('build', `stuck[^]*round ${round} of at most 3`, [
          write('src/stuck.js', `export const built = ${round + 1};\n`),
        ]),
      ),
    ]),
  ],
});

async function stepsOf(branch: string): Promise<readonly string[]> {
  const commits = await stage.github.commits(branch);
  return commits
    .flatMap(({ message }) => /^Sluice-Step: (.+)$/m.exec(message)?.[1] ?? [])
    .toReversed();
}

describe('the built-in workflow sdlc on the local GitHub', () => {
  it('takes a labelled issue through seven phases and five gates to a pull request', async () => {
    const { number } = await stage.issue('Make it smooth');
    await stage.github.as('bob').label(number, 'sluice:sdlc');

    const comment = await headlineOn(stage.github, number, '✅');

    for (const step of ['plan', 'after_test', 'deploy', 'monitor']) {
      expect(comment.body).toContain(`\`${step}\` completed`);
    }
    const [pull] = await ownPulls(stage.github, number);
    expect(pull?.draft).toBe(false);
    expect(await stepsOf(pull?.head.ref ?? '')).toEqual(['build', 'document']);
    expect(await stage.github.fileAt(pull?.head.ref ?? '', 'src/smooth.js')).toContain('built = 1');
  });

  it('hands over from a repository without a pipeline, and says in the pull request what was waived', async () => {
    const { number } = await stage.issue('Make it bare');
    await stage.github.as('bob').label(number, 'sluice:sdlc');

    const comment = await headlineOn(stage.github, number, '✅');

    expect(comment.body).toContain('`after_deploy` completed');
    const [pull] = await ownPulls(stage.github, number);
    expect(pull?.body).toContain(WAIVED);
  });

  it('builds again when the test gate fails, told what failed, and goes on when it passes', async () => {
    const { number } = await stage.issue('Make it bumpy');
    await stage.github.as('bob').comment(number, '/sluice run sdlc');

    const comment = await headlineOn(stage.github, number, '✅');

    const [pull] = await ownPulls(stage.github, number);
    const branch = pull?.head.ref ?? '';
    expect(await stepsOf(branch)).toEqual(['build', 'build', 'document']);
    expect(await stage.github.fileAt(branch, 'src/bumpy.js')).toContain('built = 2');
    expect(comment.body).toContain('`after_test` loop · 1 of 3, back to build');
  });

  it('calls people when the rounds are used up, and goes on behind the gate when they override it', async () => {
    const { number } = await stage.issue('Make it stuck');
    await stage.github.as('bob').label(number, 'sluice:sdlc');

    const gate = await eventually(
      'a call for people',
      () => openGate(stage.github, number),
      90_000,
    );
    expect(gate.body).toContain('**The tests do not pass after 3 rounds.**');
    expect(gate.body).toContain('| 1 | 1 of 3, back to build | a, b, c, d |');
    expect(gate.body).toContain('| | then stopped: test_retry: 3 of 3 rounds used. | a |');
    for (const phase of ['plan', 'build', 'test']) {
      expect(gate.body).toContain(`<details><summary>${phase}</summary>\n\n`);
    }
    await labelOn(stage.github, number, 'sluice:needs-human');
    const branch = stage.github.branches().find((name) => name.startsWith(`sluice/${number}-`));
    expect(await stepsOf(branch ?? '')).toEqual(['build', 'build', 'build', 'build']);

    await stage.github.as('alice').comment(number, '/sluice override after_test Known to be slow');

    await headlineOn(stage.github, number, 'done with a warning');
    expect(await stepsOf(branch ?? '')).toEqual([...Array(4).fill('build'), 'document']);
    expect(await ownComments(stage.github, number, 'run')).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import type { ScriptEntry } from '#test/support/scripted/scenario.ts';
import { openGate, ownComments } from '#test/support/story/gates.ts';
import { executed, task } from '#test/support/story/recipe-answers.ts';
import { useStage } from '#test/support/story/use-stage.ts';

const fixed = (status: string, stubFindings: readonly string[] = []) => ({
  status,
  reason: null,
  stubFindings,
  blockingIssues: [],
  missingPrerequisites: [],
});

/** The executor writes the file its task names; the quality step tidies up after it. */
const PROMPTS: readonly ScriptEntry[] = [
  {
    match: 'Find out what is really asked for',
    steps: [
      { text: 'One file has to change.' },
      {
        result: {
          taskType: 'feature',
          scale: 'small',
          confidence: 'confirmed',
          affectedFiles: ['src/greet.js'],
          affectedLayers: ['backend'],
          adrRequired: false,
          scopeDependencies: [],
          questions: [],
        },
      },
    ],
  },
  { match: 'Plan it in a few lines', steps: [{ text: 'Change src/small.js, with a test.' }] },
  {
    match: 'Turn the work plan into task files',
    steps: [
      { write: { path: 'docs/plans/tasks/task-first.md', content: '# First\n' } },
      { write: { path: 'docs/plans/tasks/task-second.md', content: '# Second\n' } },
      { text: 'docs: cut the plan into two tasks' },
      { result: { status: 'completed', tasks: [task('first'), task('second', ['first'])] } },
    ],
  },
  {
    match: 'Carry out exactly this task.*task-second.*What sent this back',
    steps: [
      { write: { path: 'src/second.js', content: 'done\n' } },
      { result: executed('feat: say goodbye') },
    ],
  },
  {
    match: 'Carry out exactly this task.*task-second',
    steps: [
      { write: { path: 'src/second.js', content: 'TODO\n' } },
      { result: executed('feat: say goodbye') },
    ],
  },
  {
    match: 'Carry out exactly this task.*task-first',
    steps: [
      { write: { path: 'src/first.js', content: 'done\n' } },
      { result: executed('feat: say hello') },
    ],
  },
  {
    match: 'Carry out exactly this task.*small.js',
    steps: [
      { write: { path: 'src/small.js', content: 'done\n' } },
      { result: executed('fix: greet politely') },
    ],
  },
  {
    match: 'Make this change fit to be merged.*say goodbye',
    times: 1,
    steps: [{ result: fixed('stub_detected', ['src/second.js:1 TODO']) }],
  },
  {
    match: 'Make this change fit to be merged',
    steps: [{ append: { path: 'CHANGES.md', content: 'tidy\n' } }, { result: fixed('approved') }],
  },
  {
    match: 'Compare what was built with what was designed',
    steps: [
      { result: { summary: { status: 'consistent' }, discrepancies: [], reverseCoverage: {} } },
    ],
  },
  {
    match: 'Look for what the change as a whole makes exploitable',
    steps: [
      {
        result: {
          status: 'approved_with_notes',
          findings: [],
          notes: ['No limit on names.'],
          requiredFixes: [],
        },
      },
    ],
  },
  {
    match: 'Try to refute the hypotheses',
    times: 1,
    steps: [{ result: { coverage: 'partial', cause: 'Maybe the cache.', missing: ['a trace'] } }],
  },
  {
    match: 'Try to refute the hypotheses',
    steps: [{ result: { coverage: 'sufficient', cause: 'The cache.', missing: [] } }],
  },
  {
    match: 'Find out what could cause this',
    steps: [{ result: { hypotheses: [{ cause: 'cache' }], ruled_out: [] } }],
  },
  {
    match: 'Offer at least three ways',
    steps: [
      { text: 'Empty the cache.' },
      { result: { options: [{ a: 1 }, { b: 2 }, { c: 3 }], recommendation: 'Empty the cache.' } },
    ],
  },
];

const stage = useStage({ prompts: PROMPTS });

/** Starts a recipe and approves whatever it stops at; returns where that was. */
async function play(recipe: string): Promise<{ issue: number; stops: string[] }> {
  const { number: issue } = await stage.issue(`Play ${recipe}`);
  await stage.github.as('bob').label(issue, `sluice:${recipe}`);
  const stops: string[] = [];
  for (;;) {
    const gate = await gateOrEnd(issue);
    if (gate === null) return { issue, stops };
    stops.push(/### ⏸️ Decision needed: `?([\w/-]+)/.exec(gate.body)?.[1] ?? gate.body);
    await stage.say('bob', issue, '/approve');
    await eventually('the gate to be closed', async () => {
      const open = await openGate(stage.github, issue);
      return open?.id !== gate.id;
    });
  }
}

async function gateOrEnd(issue: number) {
  const next = await eventually(
    'a gate or the end',
    async () => {
      const gate = await openGate(stage.github, issue);
      if (gate !== undefined) return { gate };
      return stage.github.labels(issue).includes('sluice:done') ? { gate: null } : undefined;
    },
    60_000,
  );
  return next.gate;
}

async function branchOf(issue: number): Promise<string> {
  await stage.calm();
  const branches = stage.github.branches().filter((name) => name.startsWith(`sluice/${issue}-`));
  expect(branches).toHaveLength(1);
  return branches[0] ?? '';
}

/** `subject|step` of the commits of the run, oldest first. */
async function commitsOf(branch: string): Promise<string[]> {
  const commits = await stage.github.commits(branch);
  return commits
    .flatMap(({ message }) => {
      const step = /^Sluice-Step: (.+)$/m.exec(message)?.[1];
      return step === undefined ? [] : [`${message.split('\n')[0]}|${step}`];
    })
    .toReversed();
}

describe('the recipes on GitHub', () => {
  it('implement: a small task stops twice, is done directly and leaves one commit', async () => {
    const { issue, stops } = await play('implement');

    expect(stops).toEqual(['requirements', 'simple_plan']);
    const branch = await branchOf(issue);
    expect(await commitsOf(branch)).toEqual(['fix: greet politely|direct-implementation/commit']);
    expect(await stage.github.fileAt(branch, 'src/small.js')).toBe('done\n');
    expect(await stage.github.fileAt(branch, 'CHANGES.md')).toBe('tidy\n');
    const [run] = await ownComments(stage.github, issue, 'run');
    expect(run?.body).toContain('### ✅ implement');
  });

  it('build: asks once for all tasks, makes one commit of each, and verifies the whole', async () => {
    const { issue, stops } = await play('build');

    expect(stops).toEqual(['task_list']);
    const branch = await branchOf(issue);
    expect(await commitsOf(branch)).toEqual([
      'docs: cut the plan into two tasks|task-decomposition',
      'feat: say hello|tasks[0]/cycle/commit',
      'feat: say goodbye|tasks[1]/cycle/commit',
    ]);
    expect(await stage.github.fileAt(branch, 'src/second.js')).toBe('done\n');
    const [run] = await ownComments(stage.github, issue, 'run');
    expect(run?.body).toMatch(/### ✅ build[^]*code-verification[^]*security-verification/);
  });

  it('diagnose: looks again for what was missing, offers ways of repair and changes nothing', async () => {
    const { issue, stops } = await play('diagnose');

    expect(stops).toEqual([]);
    const [run] = await ownComments(stage.github, issue, 'run');
    expect(run?.body).toContain('### ✅ diagnose');
    expect(run?.body).toContain('Empty the cache.');
    expect(stage.github.branches().some((name) => name.startsWith(`sluice/${issue}-`))).toBe(false);
  });
});

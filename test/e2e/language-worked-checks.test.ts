import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { openGate, ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';

const TASK = `
name: task
steps:
  - id: executor
    agent: Engineer
    prompt: "W-execute{% if loop_context %} again, round {{ loop_context.iteration }}{% endif %}"
  - id: fixer
    agent: QualityFixer
    prompt: W-fix
    depends_on: [executor]
    result: {required_keys: [status]}
    status_field: status
  - id: commit
    run: "echo committed > committed.txt"
    depends_on: [fixer]
loops:
  stub: {from: fixer, to: executor, trigger: outcome == stub, max: 2}
`;

const VERIFY = `
name: verify
steps:
  - id: verifiers
    group:
      steps:
        - {id: slow, agent: CodeReviewer, prompt: W-slow}
        - id: security
          agent: CodeReviewer
          prompt: W-security
          result: {required_keys: [status]}
          status_field: status
  - {id: publish, run: "echo x > published.txt", depends_on: [verifiers]}
`;

const LONG = `
name: long
steps:
  - {id: write, agent: Researcher, prompt: W-long, result: {required_keys: [report]}}
  - {id: use, agent: Engineer, prompt: "W-use {{ write }}", depends_on: [write]}
`;

const stage = useStage({
  workflows: { task: TASK, verify: VERIFY, long: LONG },
  prompts: [
    {
      match: 'W-execute again, round 1.*What sent this back.*"file": "src/pay.js"',
      steps: [{ write: { path: 'pay.js', content: 'paid\n' } }, { text: 'Written out.' }],
    },
    { match: 'W-execute', steps: [{ text: 'Left a stub.' }] },
    {
      match: 'W-fix',
      times: 1,
      steps: [
        {
          result: { status: 'stub_detected', stubFindings: [{ file: 'src/pay.js', rule: 'todo' }] },
        },
      ],
    },
    { match: 'W-fix', steps: [{ result: { status: 'approved' } }] },

    { match: 'W-slow', steps: [{ delay: 60_000 }, { text: 'Too late.' }] },
    {
      match: 'W-security',
      steps: [
        { delay: 500 },
        { text: 'A secret is in the code.' },
        { result: { status: 'blocked' } },
      ],
    },

    { match: 'W-long', steps: [{ result: { report: 'r'.repeat(60_000), count: 3 } }] },
    {
      match: 'W-use (?<shown>.*?)</data>',
      steps: [
        { write: { path: 'shown.txt', content: '${shown}' } },
        { tool: { name: 'get_output', args: { name: 'write', key: 'report', offset: 50_000 } } },
        { write: { path: 'fetched.txt', content: '${last}' } },
      ],
    },
  ],
});

async function start(workflow: string): Promise<number> {
  const { number } = await stage.issue(`Check ${workflow}`);
  await stage.github.as('bob').label(number, `sluice:${workflow}`);
  return number;
}

async function runComment(issue: number, text: string): Promise<string> {
  return eventually(`"${text}" in the run comment`, async () => {
    const [run] = await ownComments(stage.github, issue, 'run');
    return run?.body.includes(text) === true ? run.body : undefined;
  });
}

async function branchOf(issue: number): Promise<string | undefined> {
  await stage.calm();
  return stage.github.branches().find((name) => name.startsWith(`sluice/${issue}-`));
}

describe('worked checks of the execution model', () => {
  it('15: an answer `stub_detected` sends the executor back with the findings, before anything is committed', async () => {
    const issue = await start('task');

    await runComment(issue, '### ✅ task');

    const branch = (await branchOf(issue)) ?? '';
    expect(await stage.github.fileAt(branch, 'pay.js')).toBe('paid\n');
    const steps = (await stage.github.commits(branch)).flatMap(
      ({ message }) => /^Sluice-Step: (.+)$/m.exec(message)?.[1] ?? [],
    );
    expect(steps.toReversed()).toEqual(['executor', 'commit']);
  });

  it('16: an answer `blocked` stops what runs, pushes nothing and calls a person', async () => {
    const issue = await start('verify');

    const gate = await eventually('a call for a person', () => openGate(stage.github, issue));

    expect(gate.body).toContain('retry verifiers/security`');
    expect(gate.body).toContain('A secret is in the code.');
    const run = await runComment(issue, 'called a halt');
    expect(run).toMatch(/slow.*another step called a halt/);
    expect(await branchOf(issue)).toBeUndefined();
  });

  it('19: a result of 60,000 characters is a note with size and fields for later steps, and all of it can be had', async () => {
    const issue = await start('long');

    await runComment(issue, '### ✅ long');

    const branch = (await branchOf(issue)) ?? '';
    const shown = (await stage.github.fileAt(branch, 'shown.txt')) ?? '';
    expect(shown).toMatch(/has 600\d\d characters, too many to show\. Its fields: report, count\./);
    expect(shown.length).toBeLessThan(1_000);
    expect(await stage.github.fileAt(branch, 'fetched.txt')).toBe('r'.repeat(10_000));

    await stage.say('rita', issue, '/sluice output write');
    expect(await stage.answers(issue)).toEqual([expect.stringContaining('needs triage access')]);
    // The second comment is created, and GitHub's answer to that is lost: the job runs again.
    const path = new RegExp(`/issues/${issue}/comments$`);
    const create = { method: /POST/, path } as const;
    stage.github.faults.add({ kind: 'slow', ...create, milliseconds: 1 });
    stage.github.faults.add({ kind: 'lost-reply', ...create });
    await stage.say('tess', issue, '/sluice output write');

    const parts = await eventually('both parts', async () => {
      const answers = await ownComments(stage.github, issue, 'answer');
      return stage.github.faults.pending.length === 0 && answers.length >= 3 && answers;
    });
    await stage.answers(issue);
    expect(await ownComments(stage.github, issue, 'answer')).toHaveLength(3);
    const whole = parts.slice(1).map(({ body }) => body);
    const text = whole.map((body) => /^```text\n([^]*)\n```$/m.exec(body)?.[1] ?? '').join('');
    expect(JSON.parse(text)).toEqual({ report: 'r'.repeat(60_000), count: 3 });
  });
});
